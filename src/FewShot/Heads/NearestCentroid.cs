using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>How far a feature vector is from a class mean.</summary>
public enum CentroidMetric
{
    /// <summary>Squared Euclidean distance (prototypical networks, Snell et al. 2017, section 2.3).</summary>
    Euclidean,

    /// <summary>The cosine of the angle between them.</summary>
    Cosine,
}

/// <summary>Settings of <see cref="NearestCentroid"/>.</summary>
public sealed record NearestCentroidOptions
{
    /// <summary>The distance by which the nearest centroid is found.</summary>
    public CentroidMetric Metric { get; init; } = CentroidMetric.Euclidean;

    /// <summary>What is done to the features first.</summary>
    public FeatureScaling Scaling { get; init; } = FeatureScaling.None;
}

/// <summary>
/// Each class is the mean of its training features, and an image belongs to the nearest one: the classifier of prototypical
/// networks (Snell et al. 2017) without their training. With <see cref="FeatureScaling.CentreAndNormalise"/> it is
/// SimpleShot (Wang et al. 2019).
/// </summary>
public sealed class NearestCentroid : IHead
{
    private readonly FeatureTransform transform;
    private readonly torch.Tensor centroids;
    private readonly CentroidMetric metric;

    private NearestCentroid(FeatureTransform transform, torch.Tensor centroids, CentroidMetric metric, LabelledSpace space)
    {
        Space = space;
        this.transform = transform;
        this.centroids = centroids.DetachFromDisposeScope();
        this.metric = metric;
    }

    /// <inheritdoc/>
    public LabelledSpace Space { get; }

    /// <summary>What happens to features before.</summary>
    internal FeatureTransform Transform => transform;

    /// <summary>The mean of each class: float64, classes x D, transformed.</summary>
    internal torch.Tensor Centroids => centroids;

    /// <summary>How the nearest one is found.</summary>
    internal CentroidMetric Metric => metric;

    /// <summary>Averages the features of each class; the head knows what it was fitted on.</summary>
    /// <param name="features">A feature bank.</param>
    /// <param name="options">The metric and the scaling; the defaults are the paper's.</param>
    /// <exception cref="FewShotException">A class has no image, or a feature is not a number.</exception>
    public static NearestCentroid Fit(ILabelledFeatures features, NearestCentroidOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Fit(features.Views, features.Labels, TrainingFeatures.ClassCount(features), features.Space, options);
    }

    /// <summary>Averages the features of each class; of plain tensors the head does not know what they are.</summary>
    /// <param name="features">Floating point, N x D, or views x N x D.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes; each needs an image.</param>
    /// <param name="options">The metric and the scaling; the defaults are the paper's.</param>
    /// <exception cref="FewShotException">The inputs do not fit together.</exception>
    public static NearestCentroid Fit(torch.Tensor features, torch.Tensor labels, int classes, NearestCentroidOptions? options = null) =>
        Fit(features, labels, classes, TrainingFeatures.PlainSpace(features), options);

    /// <summary>
    /// A linear layer over the scaled features with the same nearest class and the same softmax: of the squared distance
    /// |x|^2 - 2 x c + |c|^2 the first part is the same for every class, and is left out.
    /// </summary>
    /// <returns>A head of its own, the caller's; its scores are 2 x c - |c|^2.</returns>
    /// <exception cref="FewShotException">The metric is the cosine.</exception>
    public LinearHead ToLinear()
    {
        if (metric != CentroidMetric.Euclidean)
            throw new FewShotException("A nearest centroid by cosine is no linear layer: fit it with the Euclidean metric.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return new LinearHead(
            transform.Copy(),
            (2 * centroids).MoveToOuterDisposeScope(),
            centroids.square().sum([1]).neg().MoveToOuterDisposeScope(),
            Space);
    }

    /// <inheritdoc/>
    public torch.Tensor Scores(torch.Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var x = transform.Apply(features);
        var scores = metric switch
        {
            CentroidMetric.Euclidean => -torch.cdist(x, centroids).square(),
            CentroidMetric.Cosine => torch.nn.functional.normalize(x).mm(torch.nn.functional.normalize(centroids).t()),
            _ => throw new FewShotException($"Unknown metric: {metric}."),
        };
        return scores.to(torch.float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        transform.Dispose();
        centroids.Dispose();
    }

    private static NearestCentroid Fit(
        torch.Tensor features, torch.Tensor labels, int classes, LabelledSpace space, NearestCentroidOptions? options)
    {
        options ??= new NearestCentroidOptions();
        _ = TrainingFeatures.Check(features, labels, classes);
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (rows, rowLabels) = TrainingFeatures.Flatten(features, labels);
        var transform = FeatureTransform.Fit(rows, options.Scaling);
        var members = torch.nn.functional.one_hot(rowLabels, classes).to(torch.float64);
        var means = members.t().mm(transform.Apply(rows)) / members.sum([0]).unsqueeze(1);
        return new NearestCentroid(transform, means.MoveToOuterDisposeScope(), options.Metric, space);
    }
}
