using TorchSharp;

namespace FewShot.Meta;

/// <summary>What one meta-batch says about the initial weights. Owns its tensor.</summary>
/// <param name="Loss">Mean query loss over tasks after the last inner step; for <see cref="Reptile"/>, which looks at no query in training,
/// the mean loss of the last inner batch. Where there are no inner steps, the loss as it is.</param>
/// <param name="Gradient">Flat, in the order of <see cref="EpisodicLearner.MetaParameters"/>; the mean over tasks.</param>
/// <param name="Order">The order it really has; null for <see cref="Reptile"/>, whose direction is no gradient of a query loss, and where
/// there are no inner steps.</param>
public sealed record MetaGradient(double Loss, torch.Tensor Gradient, GradientOrder? Order) : IDisposable
{
    /// <summary>What the learner's state becomes once this gradient is applied.</summary>
    internal IReadOnlyDictionary<string, torch.Tensor> State { get; init; } = new Dictionary<string, torch.Tensor>();

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in State.Values)
            tensor.Dispose();
        Gradient.Dispose();
    }
}
