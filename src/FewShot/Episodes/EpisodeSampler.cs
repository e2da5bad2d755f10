using FewShot.Runtime;

namespace FewShot.Episodes;

/// <summary>
/// Draws episodes without end. Classes, their labels, the images and their order are random; support and query never share an image. Each
/// class has equally many queries, or shares of them from a Dirichlet distribution.
/// Episode number n of a seed depends on nothing but seed, n, and the labels of the set: it is the same on every machine, and drawing can
/// go on from any number.
/// </summary>
public sealed class EpisodeSampler
{
    private readonly int[][] positions;
    private readonly long seed;

    /// <summary>A sampler at episode number 0.</summary>
    /// <param name="set">Where the examples come from: images or texts.</param>
    /// <param name="options">Ways, shots and queries.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="FewShotException">The set has fewer classes than ways, or a class fewer images than shots and queries together;
    /// the message says how many.</exception>
    public EpisodeSampler(ILabelledSet set, EpisodeOptions? options = null, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        Options = options ?? new EpisodeOptions();
        this.seed = seed;
        Options.Check();
        if (Options.Way > set.ClassNames.Count)
            throw new FewShotException($"{set.Name} has {set.ClassNames.Count} classes; {Options.Way} ways were asked for.");
        var members = set.LabelValues.Index().ToLookup(entry => entry.Item, entry => entry.Index);
        positions = [.. Enumerable.Range(0, set.ClassNames.Count).Select(label => members[label].ToArray())];
        for (var label = 0; label < positions.Length; label++)
        {
            var needed = Options.Shot + Options.MostQueriesOfAClass;
            if (positions[label].Length < needed)
            {
                throw new FewShotException(
                    $"{set.Name}: class '{set.ClassNames[label]}' has {positions[label].Length} examples; "
                    + $"{Options.Shot} shots and {Options.MostQueriesOfAClass} queries need {needed}."
                    + (Options.DirichletAlpha is null ? string.Empty : " All queries of an episode can be of one class: take fewer."));
            }
        }
    }

    /// <summary>Ways, shots and queries.</summary>
    public EpisodeOptions Options { get; }

    /// <summary>Number of the next episode: keep it to stop, set it to go on.</summary>
    public long Position { get; set; }

    /// <summary>The next episode.</summary>
    public Episode Next() => At(Position++);

    /// <summary>The next episodes.</summary>
    public IReadOnlyList<Episode> Next(int count)
    {
        var episodes = new Episode[count];
        for (var i = 0; i < count; i++)
            episodes[i] = Next();
        return episodes;
    }

    /// <summary>Episode number <paramref name="number"/>; the position stays.</summary>
    public Episode At(long number)
    {
        var random = new StableRandom(seed, number);
        var classes = new int[positions.Length];
        for (var i = 0; i < classes.Length; i++)
            classes[i] = i;
        // The draw is in random order, so a label says nothing about its class.
        random.Draw<int>(classes, Options.Way);
        var support = new EpisodeImage[Options.Way * Options.Shot];
        var query = new EpisodeImage[Options.QueryTotal];
        var shares = Options.DirichletAlpha is { } alpha ? DirichletShares.Draw(random, Options.Way, query.Length, alpha) : null;
        var asked = 0;
        for (var label = 0; label < Options.Way; label++)
        {
            var images = (int[])positions[classes[label]].Clone();
            var queries = shares?[label] ?? Options.Query;
            random.Draw<int>(images, Options.Shot + queries);
            for (var i = 0; i < Options.Shot; i++)
                support[(label * Options.Shot) + i] = new EpisodeImage(images[i], label);
            for (var i = 0; i < queries; i++, asked++)
                query[asked] = new EpisodeImage(images[Options.Shot + i], label);
        }

        random.Draw<EpisodeImage>(support, support.Length);
        random.Draw<EpisodeImage>(query, query.Length);
        return new Episode(classes[..Options.Way], support, query);
    }
}
