using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="EpisodeCentroid"/>.</summary>
public sealed record EpisodeCentroidOptions
{
    /// <summary>The distance by which the nearest centroid is found.</summary>
    public CentroidMetric Metric { get; init; } = CentroidMetric.Euclidean;

    /// <summary>What is done to the features first; <see cref="EpisodeTransform.CL2N"/> makes it SimpleShot.</summary>
    public EpisodeTransform Transform { get; init; } = new();
}

/// <summary>
/// Each class is the mean of its support features, and a query belongs to the nearest: the classifier of prototypical networks (Snell et
/// al. 2017, section 2.3), here on frozen features; with <see cref="EpisodeTransform"/> it is SimpleShot (Wang et al. 2019, section 3).
/// <see cref="NearestCentroid"/> is the same for one whole data set.
/// </summary>
/// <param name="options">Metric and transform; the defaults are Snell's.</param>
public sealed class EpisodeCentroid(EpisodeCentroidOptions? options = null) : IEpisodeHead
{
    private readonly EpisodeCentroidOptions options = options ?? new EpisodeCentroidOptions();

    /// <inheritdoc/>
    public string Name =>
        options.Transform.Append(options.Metric == CentroidMetric.Cosine ? "nearest centroid, cosine" : "nearest centroid");

    /// <inheritdoc/>
    public bool IsTransductive => false;

    /// <inheritdoc/>
    /// <returns>Squared distances with a minus, or cosines.</returns>
    /// <exception cref="FewShotException">The metric is none, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes) => EpisodeChunks.Scores(episodes, options.Transform, chunk => options.Metric switch
    {
        CentroidMetric.Euclidean => -Distances.Squared(chunk.Query, chunk.Centroids()),
        CentroidMetric.Cosine => Distances.Cosines(chunk.Query, chunk.Centroids()),
        _ => throw new FewShotException($"Unknown metric: {options.Metric}."),
    });
}
