using FewShot.Runtime;

namespace FewShot.Trials;

/// <summary>How much the checks against leaks look at. They look at the first episodes of a list, which are as random as any.</summary>
public sealed record LeakageOptions
{
    /// <summary>Episodes whose support gets shuffled labels, at least 2; all where a list has fewer.</summary>
    public int ShuffledEpisodes { get; init; } = 200;

    /// <summary>Episodes whose queries are asked in another order and one at a time, at least 1.</summary>
    public int AloneEpisodes { get; init; } = 4;

    /// <summary>Queries of each of those that are asked alone, at least 1.</summary>
    public int AloneQueries { get; init; } = 10;

    /// <summary>
    /// A query whose pixels equal those of a support image, or of a training image, has been answered beforehand. Up to this share of the
    /// queries they are reported; above it there is no score.
    /// </summary>
    public double ToleratedDuplicates { get; init; } = 0.01;

    /// <summary>Seed of the shuffling.</summary>
    public long Seed { get; init; }

    internal void Check()
    {
        if (ShuffledEpisodes < 2 || AloneEpisodes < 1 || AloneQueries < 1 || !(ToleratedDuplicates is >= 0 and < 1))
        {
            throw new FewShotException(
                "Checks against leaks need at least 2 shuffled episodes, 1 episode and 1 query asked alone, and a tolerated share from 0 "
                + $"to below 1; found {ShuffledEpisodes}, {AloneEpisodes}, {AloneQueries} and {ToleratedDuplicates}.");
        }
    }
}
