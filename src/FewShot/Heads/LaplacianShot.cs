using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="LaplacianShot"/>.</summary>
public sealed record LaplacianShotOptions
{
    /// <summary>
    /// How much neighbours weigh against the distance to the centroids, at least 0. The authors choose it for each data set and number of
    /// shots, from 0.1 to 1.5, on validation classes.
    /// </summary>
    public double Weight { get; init; } = 1;

    /// <summary>Other queries that each query is tied to, at least 1. (The authors ask for 3, of which the query itself is one.)</summary>
    public int Neighbours { get; init; } = 2;

    /// <summary>Steps of the bound's descent, at least 1.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>Whether the centroids are corrected by the queries first (section 3.4 of the paper, after Liu et al. 2020).</summary>
    public bool IsRectified { get; init; } = true;

    /// <summary>What is done to the features first; the paper's centre is that of the base classes.</summary>
    public EpisodeTransform Transform { get; init; } = EpisodeTransform.CL2N;
}

/// <summary>
/// TRANSDUCTIVE. Nearest centroid whose answers are drawn towards those of the nearest other queries: "Laplacian Regularized Few-Shot
/// Learning" (Ziko et al. 2020, section 2, algorithm 1).
/// </summary>
/// <param name="options">The pull of the neighbours.</param>
public sealed class LaplacianShot(LaplacianShotOptions? options = null) : IEpisodeHead
{
    // "epsilon" of the rectification: the cosines' weight in its softmax.
    private const double Sharpness = 10;

    private readonly LaplacianShotOptions options = options ?? new LaplacianShotOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("LaplacianShot");

    /// <inheritdoc/>
    public bool IsTransductive => true;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        if (!(options.Weight >= 0) || options.Neighbours < 1 || options.Steps < 1)
        {
            throw new FewShotException(
                "LaplacianShot needs a weight of at least 0, at least 1 neighbour and at least 1 step; "
                + $"found {options.Weight}, {options.Neighbours} and {options.Steps}.");
        }

        return EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            var centroids = options.IsRectified ? Rectified(chunk) : chunk.Centroids();
            var near = -Distances.Squared(chunk.Query, centroids);
            var ties = Ties(chunk.Query);
            var scores = near;
            for (var step = 0; step < options.Steps; step++)
                scores = near + (options.Weight * ties.bmm(scores.softmax(2)));
            return scores;
        });
    }

    /// <summary>1 from each query to its neighbours, 0 elsewhere.</summary>
    private torch.Tensor Ties(torch.Tensor query)
    {
        var distances = Distances.Squared(query, query);
        var count = query.shape[1];
        if (count == 1)
            return torch.zeros_like(distances);
        var itself = torch.eye(count, dtype: torch.ScalarType.Bool, device: distances.device);
        var others = distances.masked_fill(itself, double.PositiveInfinity);
        var (_, nearest) = others.topk((int)Math.Min(options.Neighbours, count - 1), dim: 2, largest: false);
        return torch.zeros_like(distances).scatter_(2, nearest, torch.ones_like(nearest).to(distances.dtype));
    }

    /// <summary>
    /// The queries, moved so that their mean is the support's, join the class whose centroid they point to, each weighed by how surely it
    /// does.
    /// </summary>
    private static torch.Tensor Rectified(EpisodeChunk chunk)
    {
        var shift = chunk.Support.mean([1], keepdim: true) - chunk.Query.mean([1], keepdim: true);
        var all = torch.cat([chunk.Support, chunk.Query + shift], 1);
        var cosines = Distances.Cosines(all, chunk.Centroids());
        var members = torch.nn.functional.one_hot(cosines.argmax(2), chunk.Way).to(all.dtype);
        var weights = (Sharpness * cosines).softmax(2) * members;
        var sums = weights.transpose(1, 2).bmm(all);
        var counts = members.sum(1).unsqueeze(2);
        // A class that nothing points to, its own support included, keeps its centroid.
        return (sums / counts.clamp_min(1)).where(counts > 0, chunk.Centroids());
    }
}
