using FewShot.Episodes;
using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Learns a rate for every single weight along with it (Li et al. 2017).</summary>
public sealed class MetaSgd : MetaLearner
{
    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    public MetaSgd(IFunctionalModel model, ModelWeights initial, MetaSgdOptions? options = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public override GradientOrder Order => throw new NotImplementedException();

    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0) => throw new NotImplementedException();
}
