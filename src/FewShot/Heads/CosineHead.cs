using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// A layer of unit vectors, one for each class, whose scores are scaled cosines: "Baseline++" ("A Closer Look at Few-shot Classification",
/// Chen et al. 2019, section 3.2) on the features of a whole data set. <see cref="EpisodeCosine"/> is the same for many episodes.
/// </summary>
public sealed class CosineHead : IHead
{
    private readonly FeatureTransform transform;
    private readonly torch.Tensor weights;
    private readonly double scale;

    private CosineHead(FeatureTransform transform, torch.Tensor weights, double scale, LabelledSpace space)
    {
        Space = space;
        this.transform = transform;
        this.weights = weights.DetachFromDisposeScope();
        this.scale = scale;
    }

    /// <inheritdoc/>
    public LabelledSpace Space { get; }

    /// <summary>What is done to features before; at its end each vector has length 1.</summary>
    internal FeatureTransform Transform => transform;

    /// <summary>float64, classes x D: what a transformed vector is multiplied with to give its scores.</summary>
    internal torch.Tensor ScaledWeights() => weights * scale;

    /// <summary>Trains on a feature bank; each view of an image is a sample. The head knows what it was trained on.</summary>
    /// <param name="features">A feature bank.</param>
    /// <param name="options">Scale and steps.</param>
    /// <param name="isCentred">Whether the mean of the training features is taken away first.</param>
    /// <exception cref="FewShotException">A class has no image, a feature is not a number, or a setting is out of range.</exception>
    public static CosineHead Train(ILabelledFeatures features, CosineOptions? options = null, bool isCentred = false)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Train(features.Views, features.Labels, TrainingFeatures.ClassCount(features), features.Space, options, isCentred);
    }

    /// <summary>Trains on plain tensors; the head does not know what they are.</summary>
    /// <param name="features">Floating point, N x D, or views x N x D.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes; each needs an image.</param>
    /// <param name="options">Scale and steps.</param>
    /// <param name="isCentred">Whether the mean of the training features is taken away first.</param>
    /// <exception cref="FewShotException">The inputs do not fit together, or a setting is out of range.</exception>
    public static CosineHead Train(
        torch.Tensor features, torch.Tensor labels, int classes, CosineOptions? options = null, bool isCentred = false) =>
        Train(features, labels, classes, TrainingFeatures.PlainSpace(features), options, isCentred);

    /// <inheritdoc/>
    public torch.Tensor Scores(torch.Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return transform.Apply(features).mm(weights.t()).mul_(scale).to(torch.float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transform.Dispose();
        weights.Dispose();
    }

    private static CosineHead Train(
        torch.Tensor features, torch.Tensor labels, int classes, LabelledSpace space, CosineOptions? options, bool isCentred)
    {
        options ??= new CosineOptions();
        options.Check();
        _ = TrainingFeatures.Check(features, labels, classes);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (rows, rowLabels) = TrainingFeatures.Flatten(features, labels);
        var transform = FeatureTransform.Fit(rows, isCentred ? FeatureScaling.CentreAndNormalise : FeatureScaling.Normalise);
        var examples = transform.Apply(rows).unsqueeze(0);
        var targets = torch.nn.functional.one_hot(rowLabels, classes).to(torch.float64).unsqueeze(0);
        var weights = CosineDescent.Train(examples, targets, options)[0];
        return new CosineHead(transform, weights.clone().MoveToOuterDisposeScope(), options.Scale, space);
    }
}
