using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Cuts a batch of episodes into pieces that stay in a processor's cache, and computes them side by side: on a CPU all episodes at once
/// would pass through main memory at every step.
/// </summary>
internal static class EpisodeChunks
{
    // Features of one piece: 8 MB of them on a CPU, and 1 GB on a GPU, which wants much work at once.
    private const long OnCpu = 1 << 21;
    private const long OnGpu = 1 << 28;

    /// <summary>The scores of every episode.</summary>
    /// <param name="episodes">The batch; it stays the caller's.</param>
    /// <param name="transform">What is done to the features first.</param>
    /// <param name="head">The scores of one piece, E x Q x way, of the features' type; it runs without gradient, within a scope.</param>
    /// <returns>E x Q x way, of the features' type and device.</returns>
    public static torch.Tensor Scores(EpisodeFeatures episodes, EpisodeTransform transform, Func<EpisodeChunk, torch.Tensor> head)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        var (support, query) = (episodes.Support, episodes.Query);
        var features = (support.shape[1] + query.shape[1]) * support.shape[2];
        var most = support.device.type == DeviceType.CUDA ? OnGpu : OnCpu;
        var size = (int)Math.Clamp(most / features, 1, episodes.Count);
        using var scope = torch.NewDisposeScope();
        var scores = torch.empty([episodes.Count, query.shape[1], episodes.Way], support.dtype, support.device);
        TaskThreads.Run((episodes.Count + size - 1) / size, piece =>
        {
            using var noGradient = torch.no_grad();
            using var inner = torch.NewDisposeScope();
            var start = piece * size;
            var count = Math.Min(size, episodes.Count - start);
            var (known, asked) = transform.Apply(support.narrow(0, start, count), query.narrow(0, start, count));
            var chunk = new EpisodeChunk(start, known, episodes.SupportLabels.narrow(0, start, count), asked, episodes.Way);
            _ = scores.narrow(0, start, count).copy_(head(chunk));
        });
        return scores.MoveToOuterDisposeScope();
    }
}
