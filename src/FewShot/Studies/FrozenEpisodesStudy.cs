using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Trials;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>
/// Heads on a frozen backbone, judged on episodes of classes that nothing was trained or chosen on: the size of the images and every
/// setting are chosen on the validation classes, then each method is judged once on frozen episodes of the test classes, with balanced
/// queries, and with queries whose shares of the classes are drawn (Veilleux et al. 2021). Every row has passed the checks of
/// <see cref="Evaluator"/>. A study that was stopped goes on with the rows that it has.
/// </summary>
public sealed class FrozenEpisodesStudy
{
    /// <summary>The two ways in which query images are drawn, as results name them.</summary>
    public static IReadOnlyList<string> Queries { get; } = [Balanced, Drawn];

    private const string Balanced = "balanced queries";
    private const string Drawn = "Dirichlet queries";
    private static readonly FeatureBankOptions Mirrored = new() { Mirrored = true };

    private readonly ClassSplit split;
    private readonly IFeatureExtractor backbone;
    private readonly Preprocessing preprocessing;
    private readonly FrozenEpisodesOptions options;
    private readonly string features;
    private readonly string kept;
    private readonly IProgress<StepProgress> progress;
    // Every image is looked at, so it is done once.
    private readonly Lazy<ClassesSeen> seen;

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="split">Training, validation and test classes; stay the caller's.</param>
    /// <param name="backbone">The frozen backbone.</param>
    /// <param name="preprocessing">How pixels become its input; the size is chosen.</param>
    /// <param name="work">Where features and finished rows are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public FrozenEpisodesStudy(
        ClassSplit split,
        IFeatureExtractor backbone,
        Preprocessing preprocessing,
        string work,
        FrozenEpisodesOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentException.ThrowIfNullOrWhiteSpace(work);
        (this.split, this.backbone, this.preprocessing) = (split, backbone, preprocessing);
        this.options = options ?? new FrozenEpisodesOptions();
        this.options.Check();
        this.progress = progress ?? ProgressSink.Current;
        seen = new(() => ClassesSeen.In(split.Train));
        features = Path.Combine(work, "features");
        kept = Path.Combine(work, Identity());
    }

    /// <summary>Where the command <c>table episodes</c> writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("cifar-fs-frozen");

    /// <summary>The rows: each method, and whether it looks at all queries of an episode together.</summary>
    public static IReadOnlyList<(string Name, bool IsTransductive)> Methods { get; } =
        [.. FrozenEpisodesMethod.All.Select(method => (method.Name, method.IsTransductive))];

    /// <summary>One cell of the table, read from a record of this study.</summary>
    /// <param name="record">The record.</param>
    /// <param name="method">One of <see cref="Methods"/>.</param>
    /// <param name="shot">Support images of each class.</param>
    /// <param name="queries">One of <see cref="Queries"/>.</param>
    /// <exception cref="FewShotException">The record does not hold it.</exception>
    public static (double Mean, Interval Interval) Accuracy(RunRecord record, string method, int shot, string queries)
    {
        ArgumentNullException.ThrowIfNull(record);
        return RecordedMean.Find(record.Results, Key(method, shot, queries))
            ?? throw new FewShotException($"The record \"{record.Name}\" holds no result of {Key(method, shot, queries)}.");
    }

    /// <summary>The name of a row's result: "SimpleShot, 1-shot, balanced queries".</summary>
    internal static string Key(string method, int shot, string queries) =>
        string.Create(CultureInfo.InvariantCulture, $"{method}, {shot}-shot, {queries}");

    /// <summary>Chooses on validation classes, then judges.</summary>
    /// <param name="cancel">Stops after the current row.</param>
    /// <returns>The record: for each method, number of shots and kind of queries the mean with its interval, and "..., worst tenth" and
    /// "..., ms an episode".</returns>
    /// <exception cref="FewShotException">A check against leaks failed, or a kept file is damaged.</exception>
    public RunRecord Run(CancellationToken cancel = default)
    {
        var rows = options.Shots.SelectMany(shot => Rows(shot, cancel)).ToList();
        var record = RunRecord.Capture($"{split.Test.Name}, {options.Way}-way, heads on a frozen {backbone.Name}");
        return record with
        {
            Protocol = string.Create(
                CultureInfo.InvariantCulture,
                $"Features of {backbone.Description}, the mean of those of an image and its mirror image; it was trained elsewhere, on "
                + $"ImageNet, whose classes are like these. Size of the images, by SimpleShot, and settings are chosen for each number of "
                + $"shots on {options.ValidationEpisodes} episodes of {split.Validation.Name} with balanced queries; the mean feature that "
                + $"is taken away (CL2N) is that of "
                + $"{options.BaseImagesPerClass} images of each class of {split.Train.Name}. Each method is judged once, with the same "
                + $"settings on both kinds of queries: {options.TestEpisodes:N0} frozen episodes of {split.Test.Name}, {options.Way} ways, "
                + $"{options.Queries} queries of each class, or as many with shares from a Dirichlet distribution. Chosen: "
                + $"{string.Join("; ", rows.Select(row => row.Name))}."),
            Data = new Dictionary<string, string>
            {
                [split.Train.Name] = split.Train.Digest,
                [split.Validation.Name] = split.Validation.Digest,
                [split.Test.Name] = split.Test.Digest,
            },
            Weights = backbone.Description,
            WeightsDigest = backbone.WeightsDigest,
            UsesStandIn = split.Test.IsStandIn,
            Seeds = new Dictionary<string, long>
            {
                ["validation episodes and images of the mean"] = options.Seed,
                ["test episodes"] = options.TestSeed,
            },
            Options = RunRecord.OptionsFrom(options),
            Results = rows.SelectMany(row => row.Results).ToDictionary(),
            Seconds = rows.Sum(row => row.Seconds),
        };
    }

    private IEnumerable<RunRecord> Rows(int shot, CancellationToken cancel)
    {
        var files = FrozenEpisodesMethod.All.Select(method => (Method: method, Path: KeptPath(method, shot))).ToList();
        if (files.All(file => File.Exists(file.Path)))
            return [.. files.Select(file => RunRecord.Read(file.Path))];
        using var part = Prepare(shot, cancel);
        return [.. files.Select(file =>
        {
            cancel.ThrowIfCancellationRequested();
            if (File.Exists(file.Path))
                return RunRecord.Read(file.Path);
            var row = Row(part, file.Method);
            new KeptFile(file.Path, "The study goes on, and judges the method again the next time.").Write(row.Write);
            return row;
        })];
    }

    /// <summary>Chooses the size of the images, and lays all features of that size ready.</summary>
    private Part Prepare(int shot, CancellationToken cancel)
    {
        var validating = new Evaluator(
            EpisodeList.Draw(split.Validation, options.Form(shot), options.ValidationEpisodes, options.Seed), split.Validation, Unkept);
        var banks = new Dictionary<int, (FeatureBank Bank, EpisodeTransform Centred)>();
        try
        {
            foreach (var size in options.Sizes.Distinct())
            {
                cancel.ThrowIfCancellationRequested();
                banks[size] = (Bank(split.Validation, size), Centred(size));
            }

            var chosen = validating.Choose(
                "size of the images",
                options.Sizes,
                size => new FeatureMethod(
                    FrozenEpisodesMethod.SimpleShot.Candidates(banks[size].Centred).Single().Head, banks[size].Bank),
                History,
                progress);
            var (validation, centred) = banks[chosen.Value];
            _ = banks.Remove(chosen.Value);
            return new Part(shot, chosen, validating, validation, centred, Bank(split.Test, chosen.Value), Judges(shot));
        }
        finally
        {
            foreach (var (bank, _) in banks.Values)
                bank.Dispose();
        }
    }

    private RunRecord Row(Part part, FrozenEpisodesMethod method)
    {
        var clock = Stopwatch.StartNew();
        var candidates = method.Candidates(part.Centred);
        var choice = candidates.Count == 1
            ? Choice.Given(method.Name, candidates[0])
            : part.Validating.Choose(
                method.Name, candidates, candidate => new FeatureMethod(candidate.Head, part.Validation), History, progress);
        var results = new Dictionary<string, double>();
        foreach (var (queries, judge) in part.Judges)
        {
            var found = judge.Run(new FeatureMethod(choice.Value.Head, part.Test), After(part.Size, choice), progress);
            var key = Key(method.Name, part.Shot, queries);
            RecordedMean.Put(results, key, found.Accuracy.Mean, found.Accuracy.Interval);
            results[key + ", worst tenth"] = found.WorstDecile;
            results[key + ", ms an episode"] = 1000 * found.SecondsPerEpisode;
        }

        var settings = choice.Value.Settings.Length == 0 ? string.Empty : $", {choice.Value.Settings}";
        var name = string.Create(CultureInfo.InvariantCulture, $"{method.Name} {part.Shot}-shot at {part.Size.Value} px{settings}");
        return RunRecord.Capture(name) with { Results = results, Seconds = clock.Elapsed.TotalSeconds };
    }

    private static EvaluatorOptions Unkept { get; } = new() { KeptQueries = 0 };

    private MethodHistory History => new() { TrainedOn = [seen.Value], TrainedElsewhere = "ImageNet" };

    private MethodHistory After(params IReadOnlyList<IChoice> choices) => History with { Choices = choices };

    private FeatureBank Bank(ImageSet images, int size) =>
        FeatureBank.ExtractOrLoad(features, backbone, images, preprocessing with { Size = size }, Mirrored, progress);

    private EpisodeTransform Centred(int size)
    {
        using var images = split.Train.Select(Subset.Draw(split.Train, options.BaseImagesPerClass, options.Seed), split.Train.Name);
        using var bank = Bank(images, size);
        return EpisodeTransform.CL2N.CentredOn(bank.Features);
    }

    private Dictionary<string, Evaluator> Judges(int shot)
    {
        Evaluator Judge(EpisodeOptions form) =>
            new(EpisodeList.Draw(split.Test, form, options.TestEpisodes, options.TestSeed), split.Test, Unkept);
        var form = options.Form(shot);
        return new() { [Balanced] = Judge(form), [Drawn] = Judge(form.WithDirichletQueries()) };
    }

    private string KeptPath(FrozenEpisodesMethod method, int shot) =>
        Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"{method.Name}, {shot}-shot.json").Replace(' ', '-'));

    /// <summary>Equal for equal images, weights, settings and candidates: rows of another study are never taken for this one's.</summary>
    private string Identity()
    {
        var candidates = FrozenEpisodesMethod.All.Select(method =>
            $"{method.Name}: {string.Join(", ", method.Candidates(EpisodeTransform.CL2N).Select(one => one.Settings))}");
        return FeatureSource.Hash(
            [
                split.Train.Digest, split.Validation.Digest, split.Test.Digest, backbone.WeightsDigest, preprocessing.Key,
                JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Shots = [] })), .. candidates,
            ])[..16];
    }

    /// <summary>What all rows with one number of shots have in common.</summary>
    private sealed record Part(
        int Shot,
        Choice<int> Size,
        Evaluator Validating,
        FeatureBank Validation,
        EpisodeTransform Centred,
        FeatureBank Test,
        IReadOnlyDictionary<string, Evaluator> Judges) : IDisposable
    {
        public void Dispose()
        {
            Validation.Dispose();
            Test.Dispose();
        }
    }
}
