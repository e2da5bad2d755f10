using FewShot.Episodes;
using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Model-agnostic meta-learning (Finn, Abbeel and Levine 2017).</summary>
public sealed class Maml : MetaLearner
{
    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    public Maml(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override GradientOrder Order => throw new NotImplementedException();

    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0) => throw new NotImplementedException();
}
