using FewShot.Episodes;
using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Moves the initial weights towards the adapted ones (Nichol, Achiam and Schulman 2018).</summary>
public sealed class Reptile : MetaLearner
{
    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    public Reptile(IFunctionalModel model, ModelWeights initial, ReptileOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override GradientOrder Order => throw new NotImplementedException();

    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0) => throw new NotImplementedException();
}
