using TorchSharp;

namespace FewShot.Meta;

/// <summary>What one meta-batch says about the initial weights. Owns its tensor.</summary>
/// <param name="Loss">Mean query loss over tasks, after the last inner step.</param>
/// <param name="Gradient">Flat, in the order of <see cref="MetaLearner.Learned"/>; the mean over tasks.</param>
/// <param name="Order">The order it really has.</param>
public sealed record MetaGradient(double Loss, torch.Tensor Gradient, GradientOrder Order) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Gradient.Dispose();
}
