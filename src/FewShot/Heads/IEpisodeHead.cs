using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// A classifier of feature vectors that is fitted to the support of many episodes at once, and asked about their queries: the loop over
/// episodes is inside libtorch.
/// </summary>
public interface IEpisodeHead
{
    /// <summary>What it is called in outputs: "nearest centroid".</summary>
    string Name { get; }

    /// <summary>Whether the answer to one query depends on the others of its episode.</summary>
    bool IsTransductive { get; }

    /// <summary>
    /// What it is told of the classes of an episode beside the support: "class names"; null where nothing, and then
    /// <see cref="EpisodeFeatures.Classes"/> is kept from it.
    /// </summary>
    string? SideInformation => null;

    /// <summary>How much each class of its episode fits each query.</summary>
    /// <param name="episodes">The features; they stay the caller's, and an episode's scores depend on no other episode.</param>
    /// <returns>E x Q x way, of the features' type and device, the higher the likelier; their softmax is the head's probability.</returns>
    torch.Tensor Scores(EpisodeFeatures episodes);
}
