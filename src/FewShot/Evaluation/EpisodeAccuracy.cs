using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>The mean accuracy over episodes with its interval.</summary>
/// <remarks>
/// The interval is over episodes, each counted once with its own accuracy: the queries of an episode share its support images and its
/// classes, so they are not independent of each other, and an interval over single right or wrong answers would be too narrow.
/// </remarks>
public sealed record EpisodeAccuracy
{
    /// <summary>Summarises the accuracies of episodes.</summary>
    /// <param name="episodes">The accuracy of each, 0 to 1; at least one.</param>
    /// <param name="seed">The seed that the episodes were drawn with.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">There is no episode, an accuracy lies outside 0..1, or the confidence is out of
    /// range.</exception>
    public EpisodeAccuracy(IReadOnlyList<double> episodes, long seed, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (episodes.Any(value => !(value >= 0 && value <= 1)))
        {
            throw new FewShotException(string.Create(
                CultureInfo.InvariantCulture,
                $"An episode's accuracy lies between 0 and 1; found {episodes.First(value => !(value >= 0 && value <= 1))}."));
        }

        Episodes = episodes;
        Seed = seed;
        Interval = Interval.OfEpisodes(episodes, confidence);
    }

    /// <summary>The accuracy of each episode, 0 to 1.</summary>
    public IReadOnlyList<double> Episodes { get; }

    /// <summary>The seed that the episodes were drawn with.</summary>
    public long Seed { get; }

    /// <summary>The interval of the mean over episodes (see <see cref="Interval.OfEpisodes"/>); infinite for a single one.</summary>
    public Interval Interval { get; }

    /// <summary>Which interval <see cref="Interval"/> is: "Student's t over episodes", or, where all are alike, "Wilson's".</summary>
    public string IntervalName => Interval.OfEpisodesName(Episodes);

    /// <summary>Number of episodes.</summary>
    public int Count => Episodes.Count;

    /// <summary>The mean accuracy, 0 to 1.</summary>
    public double Mean => Episodes.Average();

    /// <summary>
    /// "97.4 % [97.1, 97.8] (600 episodes, seed 0)"; where all episodes are alike also which interval it is, since it is not the usual one.
    /// </summary>
    public override string ToString()
    {
        var name = Interval.AreAlike(Episodes) ? $", {IntervalName}" : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * Mean:0.0} % {Interval} ({Count:N0} {(Count == 1 ? "episode" : "episodes")}, seed {Seed}{name})");
    }
}
