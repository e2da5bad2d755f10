namespace FewShot.Episodes;

/// <summary>One image of an episode.</summary>
/// <param name="Position">Its position in the set.</param>
/// <param name="Label">Its label within the episode, 0 to way - 1.</param>
public readonly record struct EpisodeImage(int Position, int Label);

/// <summary>
/// One small classification task (Vinyals et al. 2016, "Matching networks for one shot learning"): a few labelled images of each of a few
/// classes to learn from (support), and other images of the same classes to be judged on (query). It holds positions in a set, no pixels.
/// </summary>
/// <param name="Classes">The class, in the set, of each label of the episode.</param>
/// <param name="Support">Way x shot images, in random order.</param>
/// <param name="Query">Way x queries images, in random order, none of them in the support. A class may have more of them than another,
/// and none, where <see cref="EpisodeOptions.DirichletAlpha"/> is given.</param>
public sealed record Episode(IReadOnlyList<int> Classes, IReadOnlyList<EpisodeImage> Support, IReadOnlyList<EpisodeImage> Query)
{
    /// <summary>Number of classes.</summary>
    public int Way => Classes.Count;

    /// <summary>Support images of each class.</summary>
    public int Shot => Support.Count / Way;
}
