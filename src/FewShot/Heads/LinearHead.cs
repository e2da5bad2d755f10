using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Class scores as a linear function of the (scaled) features: what a linear probe and a logistic regression learn.</summary>
public sealed class LinearHead : IHead
{
    private readonly FeatureTransform transform;
    private readonly torch.Tensor weight;
    private readonly torch.Tensor bias;

    /// <summary>Takes ownership of transform, weight and bias.</summary>
    internal LinearHead(FeatureTransform transform, torch.Tensor weight, torch.Tensor bias, LabelledSpace space)
    {
        Space = space;
        this.transform = transform;
        this.weight = weight.DetachFromDisposeScope();
        this.bias = bias.DetachFromDisposeScope();
    }

    /// <inheritdoc/>
    public LabelledSpace Space { get; }

    /// <summary>What is done to features before weight and bias.</summary>
    internal FeatureTransform Transform => transform;

    /// <summary>Classes x D, float64, for features scaled as they were in training.</summary>
    public torch.Tensor Weight => weight;

    /// <summary>Classes, float64.</summary>
    public torch.Tensor Bias => bias;

    /// <summary>Weight, classes x D, and bias, classes, of the same function of unscaled features; float64, the caller's.</summary>
    /// <exception cref="FewShotException">The features are scaled to length 1, which is not linear.</exception>
    public (torch.Tensor Weight, torch.Tensor Bias) Fold() => transform.Fold(weight, bias);

    /// <inheritdoc/>
    public torch.Tensor Scores(torch.Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return torch.nn.functional.linear(transform.Apply(features), weight, bias).to(torch.float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transform.Dispose();
        weight.Dispose();
        bias.Dispose();
    }
}
