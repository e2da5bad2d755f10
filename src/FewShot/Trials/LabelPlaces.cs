using System.Globalization;
using FewShot.Episodes;

namespace FewShot.Trials;

/// <summary>
/// Whether labels can be told from where an image stands, or from the number of its class: a network learns such an order sooner than it
/// learns to see. (Sorted labels gave 30 % before any adaptation where chance is 20 %.)
/// </summary>
/// <remarks>
/// Where labels are drawn by chance, each of the five figures below stays within its bound in all but one of a million lists.
/// </remarks>
internal static class LabelPlaces
{
    private const string Name = "labels by chance";
    private const double Alarm = 1e-6 / 5;

    public static LeakageFinding Check(EpisodeList list)
    {
        var (episodes, way) = (list.Episodes, list.Options.Way);
        var found = InPlaces("support", episodes, way, episode => episode.Support)
            ?? InPlaces("query", episodes, way, episode => episode.Query)
            ?? Neighbours("support", episodes, episode => episode.Support)
            ?? Neighbours("query", episodes, episode => episode.Query)
            ?? SupportBesideQuery(episodes, way)
            ?? OrderOfClasses(episodes, way)
            ?? OfClasses(episodes, way);
        return found is null
            ? new LeakageFinding(Name, true, $"places and class numbers tell no label in {Count(episodes.Count)}")
            : new LeakageFinding(
                Name, false, found,
                "Shuffle classes, support and query of each episode, as EpisodeSampler does.");
    }

    /// <summary>A label stands in one place more often than chance puts it there.</summary>
    private static string? InPlaces(
        string part, IReadOnlyList<Episode> episodes, int way, Func<Episode, IReadOnlyList<EpisodeImage>> images)
    {
        var places = images(episodes[0]).Count;
        var counts = new int[places, way];
        foreach (var episode in episodes)
        {
            foreach (var (place, image) in images(episode).Index())
                counts[place, image.Label]++;
        }

        var bound = Tail.Binomial(episodes.Count, 1.0 / way, Alarm / (2.0 * places * way));
        var (most, at, label) = Largest(counts);
        return most < bound
            ? null
            : $"{part} place {at} holds label {label} in {most} of {Count(episodes.Count)}, and chance reaches at most {bound - 1}";
    }

    /// <summary>Neighbours share their label more often than in a random order: the images lie class by class.</summary>
    private static string? Neighbours(string part, IReadOnlyList<Episode> episodes, Func<Episode, IReadOnlyList<EpisodeImage>> images)
    {
        var places = images(episodes[0]).Count;
        if (places < 2)
            return null;
        var excess = 0.0;
        var shared = 0L;
        foreach (var episode in episodes)
        {
            var labels = images(episode);
            var alike = Enumerable.Range(1, places - 1).Count(place => labels[place].Label == labels[place - 1].Label);
            var expected = labels.CountBy(image => image.Label).Sum(entry => (double)entry.Value * (entry.Value - 1)) / places;
            excess += (alike - expected) / (places - 1);
            shared += alike;
        }

        var bound = Tail.Mean(episodes.Count, 1, Alarm / 2);
        return excess / episodes.Count <= bound
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{part} images stand class by class: {100.0 * shared / ((places - 1.0) * episodes.Count):0.0} % of neighbours share their "
                + $"label, {100 * excess / episodes.Count:0.0} points more than in a random order, and chance reaches {100 * bound:0.0}");
    }

    /// <summary>A query place and a support place hold the same label more often than by chance: both lie in one order.</summary>
    private static string? SupportBesideQuery(IReadOnlyList<Episode> episodes, int way)
    {
        var (support, query) = (episodes[0].Support.Count, episodes[0].Query.Count);
        var counts = new int[query, support];
        foreach (var episode in episodes)
        {
            for (var asked = 0; asked < query; asked++)
            {
                for (var shown = 0; shown < support; shown++)
                    counts[asked, shown] += episode.Query[asked].Label == episode.Support[shown].Label ? 1 : 0;
            }
        }

        var bound = Tail.Binomial(episodes.Count, 1.0 / way, Alarm / ((double)query * support));
        var (most, at, beside) = Largest(counts);
        return most < bound
            ? null
            : $"query place {at} has the label of support place {beside} in {most} of {Count(episodes.Count)}, "
                + $"and chance reaches at most {bound - 1}";
    }

    /// <summary>A class has the same label more often than by chance.</summary>
    private static string? OfClasses(IReadOnlyList<Episode> episodes, int way)
    {
        var counts = new Dictionary<int, int[]>();
        foreach (var episode in episodes)
        {
            foreach (var (label, item) in episode.Classes.Index())
            {
                if (!counts.TryGetValue(item, out var labels))
                    counts[item] = labels = new int[way];
                labels[label]++;
            }
        }

        foreach (var (item, labels) in counts.OrderBy(entry => entry.Key))
        {
            var bound = Tail.Binomial(labels.Sum(), 1.0 / way, Alarm / (2.0 * counts.Count * way));
            if (labels.Max() >= bound)
            {
                return $"class {item} has label {Array.IndexOf(labels, labels.Max())} in {labels.Max()} of its {Count(labels.Sum())}, "
                    + $"and chance reaches at most {bound - 1}";
            }
        }

        return null;
    }

    /// <summary>Labels follow the numbers of the classes: their mean rank correlation, Spearman's, is not 0.</summary>
    private static string? OrderOfClasses(IReadOnlyList<Episode> episodes, int way)
    {
        if (way < 2)
            return null;
        var mean = episodes.Average(episode =>
        {
            var ranks = episode.Classes.Index().OrderBy(entry => entry.Item).Select((entry, rank) => (entry.Index, Rank: rank));
            var apart = ranks.Sum(entry => (double)(entry.Index - entry.Rank) * (entry.Index - entry.Rank));
            return 1 - (6 * apart / (way * (((double)way * way) - 1)));
        });
        var bound = Tail.Mean(episodes.Count, 2, Alarm / 4);
        return Math.Abs(mean) <= bound
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"labels follow the numbers of the classes: their rank correlation is {mean:0.00} over {Count(episodes.Count)}, "
                + $"and chance reaches {bound:0.00}");
    }

    private static (int Most, int Row, int Column) Largest(int[,] counts)
    {
        var largest = (Most: -1, Row: 0, Column: 0);
        for (var row = 0; row < counts.GetLength(0); row++)
        {
            for (var column = 0; column < counts.GetLength(1); column++)
            {
                if (counts[row, column] > largest.Most)
                    largest = (counts[row, column], row, column);
            }
        }

        return largest;
    }

    private static string Count(int episodes) =>
        string.Create(CultureInfo.InvariantCulture, $"{episodes:N0} {(episodes == 1 ? "episode" : "episodes")}");
}
