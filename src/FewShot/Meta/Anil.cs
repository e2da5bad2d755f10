using FewShot.Episodes;
using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Almost no inner loop: only the head adapts (Raghu et al. 2020).</summary>
public sealed class Anil : MetaLearner
{
    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    public Anil(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override GradientOrder Order => throw new NotImplementedException();

    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0) => throw new NotImplementedException();
}
