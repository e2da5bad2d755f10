using System.Diagnostics;
using System.Globalization;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Text;
using FewShot.Transfer;
using FewShot.Trials;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>
/// What the names of classes are worth beside their images: a map from names to prototypes is fitted on the training classes, prompt,
/// strength and share are chosen on the validation classes, and test classes are recognised by name alone, by images alone and by both, on
/// the same episodes. Classes that ImageNet has, on which the backbone was trained, are judged apart from the others.
/// </summary>
public sealed class NamesStudy
{
    /// <summary>Nearest centroid of the support images: SimpleShot.</summary>
    public const string Images = "images alone";

    /// <summary>The prototypes from names alone; 0-shot.</summary>
    public const string Names = "names alone";

    /// <summary>Both, mixed.</summary>
    public const string Both = "names and images";

    private static readonly EvaluatorOptions Unkept = new() { KeptQueries = 0 };

    private readonly ClassSplit split;
    private readonly IFeatureExtractor backbone;
    private readonly Preprocessing preprocessing;
    private readonly SentenceEncoder encoder;
    private readonly NamesOptions options;
    private readonly string features;
    private readonly IProgress<StepProgress> progress;

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="split">Training, validation and test classes; stay the caller's.</param>
    /// <param name="backbone">The frozen backbone.</param>
    /// <param name="preprocessing">How pixels become its input; the size is the options'.</param>
    /// <param name="encoder">Of the names.</param>
    /// <param name="work">Where features are kept: a study that was stopped goes on from them.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public NamesStudy(
        ClassSplit split,
        IFeatureExtractor backbone,
        Preprocessing preprocessing,
        SentenceEncoder encoder,
        string work,
        NamesOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(preprocessing);
        ArgumentNullException.ThrowIfNull(encoder);
        ArgumentException.ThrowIfNullOrWhiteSpace(work);
        (this.split, this.backbone, this.preprocessing, this.encoder) = (split, backbone, preprocessing, encoder);
        this.options = options ?? new NamesOptions();
        this.options.Check();
        this.progress = progress ?? ProgressSink.Current;
        features = Path.Combine(work, "features");
    }

    /// <summary>Where the command <c>table names</c> writes its record, and where the course keeps it.</summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course.</exception>
    public static string RecordPath => StudyRecords.PathOf("cifar-fs-names");

    /// <summary>The two groups of test classes that are judged apart, as results name them.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["classes that ImageNet has", "classes that ImageNet lacks"];

    /// <summary>The accuracy of a method, read from a record of this study.</summary>
    /// <param name="record">The record.</param>
    /// <param name="method"><see cref="Images"/>, <see cref="Names"/> (0 shots) or <see cref="Both"/>.</param>
    /// <param name="shot">Support images of each class.</param>
    /// <param name="way">Classes of an episode.</param>
    /// <param name="group">One of <see cref="Groups"/>; null for all test classes.</param>
    /// <exception cref="FewShotException">The record does not hold it.</exception>
    public static (double Mean, Interval Interval) Accuracy(RunRecord record, string method, int shot, int way, string? group = null) =>
        Read(record, Key(method, shot, way, group));

    /// <summary>How far <see cref="Both"/> is ahead of <see cref="Images"/>, -1 to 1: the mean of the episodes' differences.</summary>
    /// <inheritdoc cref="Accuracy"/>
    public static (double Mean, Interval Interval) Gain(RunRecord record, int shot, int way, string? group = null) =>
        Read(record, Key(GainOf, shot, way, group));

    /// <summary>The accuracy on validation classes with each share of the images that was tried.</summary>
    /// <param name="record">The record.</param>
    /// <param name="shot">Support images of each class.</param>
    /// <exception cref="FewShotException">The record does not hold them.</exception>
    public static IReadOnlyList<(double Share, double Mean, Interval Interval)> Shares(RunRecord record, int shot)
    {
        ArgumentNullException.ThrowIfNull(record);
        var start = string.Create(CultureInfo.InvariantCulture, $"validation, {shot}-shot, share ");
        double[] shares =
        [
            .. record.Results.Keys.Where(key => key.StartsWith(start, StringComparison.Ordinal) && !key.Contains(", low")
                && !key.Contains(", high")).Select(key => double.Parse(key[start.Length..], CultureInfo.InvariantCulture)).Order(),
        ];
        return [.. shares.Select(share => (share, Read(record, ShareKey(shot, share)).Mean, Read(record, ShareKey(shot, share)).Interval))];
    }

    /// <summary>
    /// Which of some classes have a counterpart in ImageNet: one of its names contains the class's name as whole words, or is near it.
    /// </summary>
    /// <param name="encoder">Measures how near two names are.</param>
    /// <param name="classNames">At least one.</param>
    /// <param name="cosine">From which cosine of their vectors on two names are near: <see cref="NamesOptions.CounterpartCosine"/>.</param>
    /// <returns>For each class: the nearest name of ImageNet, its cosine, and whether the class has a counterpart.</returns>
    public static IReadOnlyList<(string Class, string Nearest, double Cosine, bool HasCounterpart)> Counterparts(
        SentenceEncoder encoder, IReadOnlyList<string> classNames, double cosine)
    {
        ArgumentNullException.ThrowIfNull(classNames);
        using var scope = TorchSharp.torch.NewDisposeScope();
        var cosines = NamePrompt.Word.Vectors(encoder, classNames).mm(NamePrompt.Word.Vectors(encoder, ImageNetNames.All).t());
        var (nearest, places) = cosines.max(1);
        return
        [
            .. classNames.Select((name, i) =>
            {
                var near = nearest[i].item<float>();
                return (name, ImageNetNames.All[(int)places[i].item<long>()], (double)near,
                    near >= cosine || ImageNetNames.Containing(name).Count > 0);
            }),
        ];
    }

    /// <summary>Fits, chooses and judges.</summary>
    /// <param name="cancel">Stops before the next judgement.</param>
    /// <exception cref="FewShotException">A check against leaks failed.</exception>
    public RunRecord Run(CancellationToken cancel = default)
    {
        var clock = Stopwatch.StartNew();
        using var scope = TorchSharp.torch.NewDisposeScope();
        using var baseImages = split.Train.Select(
            Subset.Draw(split.Train, options.BaseImagesPerClass, options.Seed), split.Train.Name);
        using var known = Bank(baseImages);
        using var validation = Bank(split.Validation);
        using var test = Bank(split.Test);
        var transform = EpisodeTransform.CL2N.CentredOn(known.Features);
        var prototypes = NamePrior.Prototypes(known, transform);
        var history = new MethodHistory
        {
            TrainedOn = [ClassesSeen.In(baseImages)],
            TrainedElsewhere = "ImageNet, and on sentences for the names",
        };
        var results = new Dictionary<string, double>();

        // A prompt is tried with many strengths: its sentences are encoded once.
        var encoded = NamePrompt.All
            .SelectMany(_ => new[] { known, validation, test }, (prompt, bank) => (prompt, bank))
            .ToDictionary(one => one, one => one.prompt.Vectors(encoder, one.bank.ClassNames));

        IFewShotMethod Method(FeatureBank bank, Map map, double share)
        {
            using var prior = NamePrior.Fit(encoded[(map.Prompt, known)], prototypes, map.Strength);
            return new FeatureMethod(
                new EpisodeNamedCentroid(
                    prior.Of(encoded[(map.Prompt, bank)]), new() { ImageShare = share, Transform = transform }),
                bank);
        }

        Evaluator Validating(int shot) => new(
            EpisodeList.Draw(split.Validation, Form(options.Ways[0], shot), options.ValidationEpisodes, options.Seed),
            split.Validation,
            Unkept);
        var map = Validating(options.Shots[0]).Choose(
            "prompt and strength",
            [.. NamePrompt.All.SelectMany(prompt => options.Strengths.Select(strength => new Map(prompt, strength)))],
            candidate => Method(validation, candidate, share: 0),
            history,
            progress);
        cancel.ThrowIfCancellationRequested();
        var shares = options.Shots.ToDictionary(shot => shot, shot => Validating(shot).Choose(
            $"share of the images, {shot}-shot",
            options.ImageShares,
            share => Method(validation, map.Value, share),
            history,
            progress));
        foreach (var (shot, choice) in shares)
        {
            foreach (var (share, accuracy) in choice.Candidates)
                RecordedMean.Put(results, ShareKey(shot, share), accuracy.Mean, accuracy.Interval);
        }

        var chosen = history with { Choices = [map, .. shares.Values] };
        var counterparts = Counterparts(encoder, split.Test.ClassNames, options.CounterpartCosine);
        string[][] groups = [.. new[] { true, false }.Select(has =>
            counterparts.Where(one => one.HasCounterpart == has).Select(one => one.Class).ToArray())];

        void Judge(EpisodeList list, string? group)
        {
            cancel.ThrowIfCancellationRequested();
            var (way, shot) = (list.Options.Way, list.Options.Shot);
            var judge = new Evaluator(list, split.Test, Unkept);
            TrialResult Judged(string method, int shots, IFewShotMethod one)
            {
                var found = judge.Run(one, chosen, progress);
                RecordedMean.Put(results, Key(method, shots, way, group), found.Accuracy.Mean, found.Accuracy.Interval);
                return found;
            }

            var alone = Judged(Images, shot, new FeatureMethod(new EpisodeCentroid(new() { Transform = transform }), test));
            var both = Judged(Both, shot, Method(test, map.Value, shares[shot].Value));
            var gain = new PairedTrials(alone, both);
            RecordedMean.Put(results, Key(GainOf, shot, way, group), gain.Mean, gain.Interval);
            if (shot == options.Shots[0])
                _ = Judged(Names, 0, Method(test, map.Value, share: 0));
        }

        foreach (var way in options.Ways)
        {
            foreach (var shot in options.Shots)
                Judge(EpisodeList.Draw(split.Test, Form(way, shot), options.TestEpisodes, options.TestSeed), group: null);
        }

        // A group of fewer classes than ways has no episodes.
        foreach (var (classes, group) in groups.Zip(Groups).Where(one => one.First.Length >= options.Ways[0]))
        {
            Judge(
                EpisodeList.DrawAmong(
                    split.Test, classes, Form(options.Ways[0], options.Shots[0]), options.TestEpisodes, options.TestSeed),
                group);
        }

        return RunRecord.Capture($"{split.Test.Name}, names as a prior, on a frozen {backbone.Name}") with
        {
            Protocol = Protocol(map.Value, shares, groups),
            Data = new Dictionary<string, string>
            {
                [baseImages.Name] = baseImages.Digest,
                [split.Validation.Name] = split.Validation.Digest,
                [split.Test.Name] = split.Test.Digest,
            },
            Weights = $"{backbone.Description}; {encoder.Description}",
            WeightsDigest = backbone.WeightsDigest,
            UsesStandIn = split.Test.IsStandIn,
            Seeds = new Dictionary<string, long>
            {
                ["validation episodes and training images"] = options.Seed,
                ["test episodes"] = options.TestSeed,
            },
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = clock.Elapsed.TotalSeconds,
        };
    }

    private const string GainOf = Both + " against " + Images;

    private static string Key(string method, int shot, int way, string? group) => string.Create(
        CultureInfo.InvariantCulture, $"{method}, {shot}-shot, {way}-way{(group is null ? string.Empty : ", " + group)}");

    private static string ShareKey(int shot, double share) =>
        string.Create(CultureInfo.InvariantCulture, $"validation, {shot}-shot, share {share:0.##}");

    private static (double Mean, Interval Interval) Read(RunRecord record, string key)
    {
        ArgumentNullException.ThrowIfNull(record);
        return RecordedMean.Find(record.Results, key)
            ?? throw new FewShotException($"The record \"{record.Name}\" holds no result of {key}.");
    }

    private EpisodeOptions Form(int way, int shot) => new(way, shot, options.Queries);

    private FeatureBank Bank(ImageSet images) => FeatureBank.ExtractOrLoad(
        features, backbone, images, preprocessing with { Size = options.Size }, new() { Mirrored = true }, progress);

    private string Protocol(Map map, Dictionary<int, Choice<double>> shares, string[][] groups) => string.Create(
        CultureInfo.InvariantCulture,
        $"Features of {backbone.Description} at {options.Size} px, the mean of those of an image and its mirror image, CL2N; names by "
        + $"{encoder.Description}. A ridge regression from names to prototypes is fitted on {options.BaseImagesPerClass} images of each of "
        + $"the {split.Train.ClassNames.Count} classes of {split.Train.Name} alone, also for the test; no class is in two parts. Prompt "
        + $"and strength are chosen by 0-shot accuracy, the share of the images for each number of shots, on {options.ValidationEpisodes} "
        + $"{options.Ways[0]}-way episodes of {split.Validation.Name}. Chosen: {map}; "
        + $"{string.Join("; ", shares.Select(one => $"{one.Key}-shot {one.Value.Value:0.##} images"))}. Judged once on "
        + $"{options.TestEpisodes:N0} frozen episodes of each form of {split.Test.Name}, {options.Queries} queries of each class; 0-shot "
        + $"is asked on the episodes of {options.Shots[0]}-shot. The backbone was trained on ImageNet: of the test classes it has "
        + $"{string.Join(", ", groups[0])}, and lacks {string.Join(", ", groups[1])} (it has a class if one of its names contains the "
        + $"class's name as whole words, or if the cosine of their vectors is at least {options.CounterpartCosine}).");

    /// <summary>How names become prototypes.</summary>
    private sealed record Map(NamePrompt Prompt, double Strength)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Prompt}, strength {Strength}");
    }
}
