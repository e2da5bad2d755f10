using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// A layer of unit vectors trained on the support, whose scores are scaled cosines: "Baseline++" at test time ("A Closer Look at Few-shot
/// Classification", Chen et al. 2019, section 3.2). <see cref="CosineHead"/> is the same for one whole data set.
/// </summary>
/// <param name="options">How it is trained.</param>
/// <param name="transform">What is done to the features before they get length 1, which they always do; null for nothing.</param>
public sealed class EpisodeCosine(CosineOptions? options = null, EpisodeTransform? transform = null) : IEpisodeHead
{
    private readonly CosineOptions options = options ?? new CosineOptions();
    private readonly EpisodeTransform transform = (transform ?? new EpisodeTransform()) with { IsUnitLength = true };

    /// <inheritdoc/>
    public string Name => transform == EpisodeTransform.L2N ? "cosine" : transform.Append("cosine");

    /// <inheritdoc/>
    public bool IsTransductive => false;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        options.Check();
        return EpisodeChunks.Scores(episodes, transform, chunk =>
        {
            var span = SupportSpan.Of(chunk.Support);
            var weights = span.Lift(CosineDescent.Train(span.Coordinates, chunk.Targets, options));
            return chunk.Query.bmm(weights.transpose(1, 2)).mul_(options.Scale);
        });
    }
}
