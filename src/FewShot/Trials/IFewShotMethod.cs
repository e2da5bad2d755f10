using FewShot.Episodes;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// Anything that learns from the support of an episode and answers its queries: a head on frozen features, or a meta-learner.
/// </summary>
public interface IFewShotMethod
{
    /// <summary>What it is called in tables: "nearest centroid, 20-layer ResNet".</summary>
    string Name { get; }

    /// <summary>Whether it says that the answer to one query depends on the others of its episode.</summary>
    bool IsTransductive { get; }

    /// <summary>
    /// What it is told of the classes of an episode beside the support, by <see cref="Episode.Classes"/>: "class names"; null where it does
    /// not look there.
    /// </summary>
    string? SideInformation => null;

    /// <summary>Which weights and images its answers are made from; a method that does not say is taken at its word.</summary>
    MethodSource Source => MethodSource.Unknown;

    /// <summary>How much each class of its episode fits each query. The labels of the queries must not be looked at.</summary>
    /// <param name="episodes">Episodes of one form, over the set that the method was made for.</param>
    /// <returns>float32, E x Q x way, on the CPU, the higher the likelier, queries in the order of the episode.</returns>
    torch.Tensor Scores(IReadOnlyList<Episode> episodes);
}
