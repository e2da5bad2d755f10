using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Episodes;

/// <summary>
/// Episodes that are drawn once and then stay: every method, machine and device is judged on the same. It holds class and image numbers and
/// a digest of them; neither depends on pixels or on the device.
/// </summary>
public sealed class EpisodeList
{
    private const long LargestFile = 64 << 20;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private EpisodeList(string set, string frame, EpisodeOptions options, long seed, IReadOnlyList<Episode> episodes)
    {
        Set = set;
        Frame = frame;
        Options = options;
        Seed = seed;
        Episodes = episodes;
        Digest = ComputeDigest();
    }

    /// <summary>The name of the set they were drawn from.</summary>
    public string Set { get; }

    /// <summary>SHA-256 over the labels and class names of that set: what the numbers mean.</summary>
    public string Frame { get; }

    /// <summary>Ways, shots and queries.</summary>
    public EpisodeOptions Options { get; }

    /// <summary>The seed they were drawn with.</summary>
    public long Seed { get; }

    /// <summary>The episodes of the list, always in this order.</summary>
    public IReadOnlyList<Episode> Episodes { get; }

    /// <summary>Number of episodes.</summary>
    public int Count => Episodes.Count;

    /// <summary>
    /// SHA-256, in hexadecimal, over <see cref="Frame"/>, options, and the numbers of all classes and images in their order.
    /// </summary>
    public string Digest { get; }

    /// <summary>The first episodes of a seed.</summary>
    /// <param name="set">Where the examples come from: images or texts.</param>
    /// <param name="options">Ways, shots and queries.</param>
    /// <param name="count">How many, at least 1; 600 is usual.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="FewShotException">The set has too few classes or images; the message says how many.</exception>
    public static EpisodeList Draw(ILabelledSet set, EpisodeOptions? options = null, int count = 600, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var sampler = new EpisodeSampler(set, options, seed);
        return new EpisodeList(set.Name, FrameOf(set), sampler.Options, seed, sampler.Next(count));
    }

    /// <summary>The first episodes of a seed that have some of a set's classes only; their numbers are those of the whole set.</summary>
    /// <param name="set">Where the examples come from: images or texts.</param>
    /// <param name="classNames">The classes to draw from, at least as many as ways.</param>
    /// <param name="options">Ways, shots and queries.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <exception cref="FewShotException">The set lacks a class, or there are too few classes or images.</exception>
    public static EpisodeList DrawAmong(
        ImageSet set, IReadOnlyList<string> classNames, EpisodeOptions? options = null, int count = 600, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(classNames);
        using var part = set.SelectClasses(classNames);
        int[] classes = [.. classNames.Select(name => set.ClassNames.Index().First(entry => entry.Item == name).Index)];
        // The selection keeps the order of the images.
        int[] positions = [.. set.LabelValues.Index().Where(entry => classes.Contains((int)entry.Item)).Select(entry => entry.Index)];
        EpisodeImage[] Whole(IReadOnlyList<EpisodeImage> images) =>
            [.. images.Select(image => image with { Position = positions[image.Position] })];
        var drawn = Draw(part, options, count, seed);
        return Of(
            set,
            drawn.Options,
            [.. drawn.Episodes.Select(one => new Episode([.. one.Classes.Select(k => classes[k])], Whole(one.Support), Whole(one.Query)))],
            seed);
    }

    /// <summary>
    /// Freezes episodes that other code drew. Only their form is checked here, not whether they give answers away: the checks against leaks
    /// that run before a trial do that.
    /// </summary>
    /// <param name="set">The images that the positions mean.</param>
    /// <param name="options">The form that all of them have.</param>
    /// <param name="episodes">At least one.</param>
    /// <param name="seed">The seed they were drawn with.</param>
    /// <exception cref="FewShotException">An episode has another form, or an image that is not of the class of its label.</exception>
    public static EpisodeList Of(ILabelledSet set, EpisodeOptions options, IReadOnlyList<Episode> episodes, long seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(episodes);
        options.Check();
        if (episodes.Count == 0)
            throw new FewShotException("A list needs at least one episode.");
        foreach (var (number, episode) in episodes.Index())
        {
            if (episode.Way != options.Way || episode.Support.Count != (long)options.Way * options.Shot
                || episode.Query.Count != options.QueryTotal)
            {
                throw new FewShotException(
                    $"Episode {number} (counted from 0) has {episode.Way} classes, {episode.Support.Count} support and "
                    + $"{episode.Query.Count} query images, and is not {options}.");
            }

            foreach (var image in episode.Support.Concat(episode.Query))
            {
                if (image.Position < 0 || image.Position >= set.Count || image.Label < 0 || image.Label >= options.Way
                    || set.LabelValues[image.Position] != episode.Classes[image.Label])
                {
                    throw new FewShotException(
                        $"Episode {number} (counted from 0) gives image {image.Position} the label {image.Label}: that is no image of "
                        + $"{set.Name} whose class is the one of this label.");
                }
            }
        }

        return new EpisodeList(set.Name, FrameOf(set), options, seed, episodes);
    }

    /// <summary>Writes the list as JSON, whole or not at all.</summary>
    public void Write(string path)
    {
        var entries = Episodes.Select(episode => new EpisodeEntry(
            [.. episode.Classes],
            [.. episode.Support.Select(image => image.Position)],
            [.. episode.Query.Select(image => image.Position)]));
        var file = new ListFile(Set, Frame, Options.Way, Options.Shot, Options.Query, Seed, Digest, [.. entries], Options.DirichletAlpha);
        AtomicFile.WriteText(path, JsonSerializer.Serialize(file, Json) + "\n");
    }

    /// <summary>Reads a list for a set.</summary>
    /// <param name="path">As <see cref="Write"/> made it.</param>
    /// <param name="set">The set that the numbers mean; its labels and class names must be those of the set it was drawn from.</param>
    /// <exception cref="FewShotException">The file is missing, too large, no such list, changed since it was
    /// written, or of another set.</exception>
    public static EpisodeList Read(string path, ILabelledSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var file = ReadFile(path);
        if (file.Frame != FrameOf(set))
        {
            throw new FewShotException(
                $"{path} was drawn from '{file.Set}', whose classes or labels are not those of '{set.Name}': "
                + "use it with the set it belongs to.");
        }

        var options = new EpisodeOptions(file.Way, file.Shot, file.Query) { DirichletAlpha = file.DirichletAlpha };
        options.Check(path);
        var episodes = file.Episodes.Index().Select(entry => ToEpisode(path, entry.Index, entry.Item, options, set)).ToArray();
        var list = new EpisodeList(file.Set, file.Frame, options, file.Seed, episodes);
        return list.Digest == file.Digest
            ? list
            : throw new FewShotException(
                $"{path} was changed after it was written: its digest is {list.Digest[..16]}..., and it says {file.Digest}.");
    }

    /// <summary>"600 episodes of Omniglot test, 5-way 1-shot, 15 queries of each class, seed 0, SHA-256 1a2b3c4d".</summary>
    public override string ToString() => FormattableString.Invariant(
        $"{Count:N0} {(Count == 1 ? "episode" : "episodes")} of {Set}, {Options}, seed {Seed}, SHA-256 {Digest[..8]}");

    /// <summary>SHA-256 over labels and class names, as <see cref="Frame"/> has it.</summary>
    internal static string FrameOf(IEnumerable<long> labels, IReadOnlyList<string> classNames)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(hash, labels);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Join('\n', classNames)));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static ListFile ReadFile(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > LargestFile)
                throw new FewShotException($"{path} is {stream.Length:N0} bytes long: too much for a list of episodes.");
            return JsonSerializer.Deserialize<ListFile>(stream, Json)
                ?? throw new FewShotException($"{path} is not a list of episodes: it holds null.");
        }
        catch (JsonException e)
        {
            throw new FewShotException($"{path} is not a list of episodes: {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"The list of episodes {path} cannot be read: {e.Message}", e);
        }
    }

    private static Episode ToEpisode(string path, int number, EpisodeEntry? entry, EpisodeOptions options, ILabelledSet set)
    {
        if (entry is null)
            throw Wrong("is null");
        if (entry.Classes.Length != options.Way
            || entry.Support.Length != (long)options.Way * options.Shot
            || entry.Query.Length != (long)options.Way * options.Query)
        {
            throw Wrong(
                $"has {entry.Classes.Length} classes, {entry.Support.Length} support and {entry.Query.Length} query images, "
                + $"and is not {options}");
        }

        if (entry.Support.Concat(entry.Query).Distinct().Count() != entry.Support.Length + entry.Query.Length)
            throw Wrong("holds an image twice");
        var labels = new Dictionary<long, int>();
        foreach (var (label, item) in entry.Classes.Index())
        {
            if (!labels.TryAdd(item, label))
                throw Wrong($"holds class {item} twice");
        }

        var queries = options.DirichletAlpha is null ? options.Query : (int?)null;
        return new Episode(entry.Classes, Images(entry.Support, options.Shot), Images(entry.Query, queries));

        EpisodeImage[] Images(int[] numbers, int? perClass)
        {
            var images = new EpisodeImage[numbers.Length];
            for (var i = 0; i < numbers.Length; i++)
            {
                if (numbers[i] < 0 || numbers[i] >= set.Count || !labels.TryGetValue(set.LabelValues[numbers[i]], out var label))
                    throw Wrong($"holds image {numbers[i]}, which is of none of its classes");
                images[i] = new EpisodeImage(numbers[i], label);
            }

            return perClass is null || images.CountBy(image => image.Label).All(entry => entry.Value == perClass)
                ? images
                : throw Wrong("has not the same number of images of each class");
        }

        FewShotException Wrong(string what) => new($"{path}: episode {number} (counted from 0) {what}.");
    }

    private static string FrameOf(ILabelledSet set) => FrameOf(set.LabelValues, set.ClassNames);

    private string ComputeDigest()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Frame));
        Append(hash, [Options.Way, Options.Shot, Options.Query, Seed, Count]);
        // A balanced list says nothing here: its digest is that of lists which were drawn before there were others.
        if (Options.DirichletAlpha is { } alpha)
            Append(hash, [alpha]);
        foreach (var episode in Episodes)
        {
            Append(hash, episode.Classes.Select(item => (long)item));
            Append(hash, episode.Support.Concat(episode.Query).Select(image => (long)image.Position));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static void Append(IncrementalHash hash, IEnumerable<long> numbers)
    {
        var bytes = new byte[8];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
            hash.AppendData(bytes);
        }
    }

    private sealed record ListFile(
        string Set,
        string Frame,
        int Way,
        int Shot,
        int Query,
        long Seed,
        string Digest,
        EpisodeEntry[] Episodes,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] int? DirichletAlpha = null);

    private sealed record EpisodeEntry(int[] Classes, int[] Support, int[] Query);
}
