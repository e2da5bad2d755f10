using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Trains a learner on the training characters of a split, chooses one checkpoint on the validation characters, and judges it once
/// on frozen episodes of the test characters, in every way of <see cref="Judgements"/>.
/// </summary>
public static class OmniglotStudy
{
    /// <summary>What a record calls the number of frozen episodes that it was judged on.</summary>
    public const string Episodes = "test episodes";

    private const string StartingWeights = "starting weights";
    private const int EpisodesAtOnce = 20;

    // Reptile learns from more images of a class than it will be shown at the test (Nichol et al. 2018, table 4).
    private const int ReptileShots = 10;

    private static readonly AugmentationOptions Varied =
        AugmentationOptions.None with { CropPadding = 2, RotationDegrees = 10, Zoom = 0.1 };

    /// <summary>The name of the weights and of their record: "omniglot-5way-1shot-maml".</summary>
    public static string Name(OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var method = options.Method switch
        {
            MetaMethod.Maml => "maml",
            MetaMethod.FirstOrderMaml => "first-order-maml",
            MetaMethod.Anil => "anil",
            MetaMethod.Reptile => "reptile",
            MetaMethod.PrototypicalNetwork => "prototypical-network",
            _ => throw new FewShotException($"There is no method {options.Method}."),
        };
        return string.Create(CultureInfo.InvariantCulture, $"omniglot-{options.Way}way-{options.Shot}shot-{method}");
    }

    /// <summary>The network for these images: Conv4 of 64 filters with stride 2, as in the paper.</summary>
    public static Conv4 Network(ImageSet images, int way)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new Conv4(Conv4Options.Omniglot with { Size = images.Height, Channels = (int)images.Images.shape[1], Ways = way });
    }

    /// <summary>A learner with fresh weights; the prototypical network takes all of the network but its head.</summary>
    public static EpisodicLearner Learner(Conv4 model, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Method == MetaMethod.PrototypicalNetwork)
        {
            var embedding = new Conv4Embedding(model.Options);
            using var embeddingWeights = embedding.Initial(options.Seed);
            return new ProtoNet(embedding, embeddingWeights);
        }

        using var initial = model.Initial(options.Seed);
        var inner = (options.Way >= 20 ? MamlOptions.OmniglotTwentyWay : MamlOptions.OmniglotFiveWay) with
        {
            BatchNorm = options.BatchNorm,
        };
        return options.Method switch
        {
            MetaMethod.Maml => new Maml(model, initial, inner),
            MetaMethod.FirstOrderMaml => new Maml(model, initial, inner with { Order = GradientOrder.First }),
            MetaMethod.Anil => new Anil(model, initial, new AnilOptions
            {
                InnerLearningRate = inner.InnerLearningRate,
                InnerSteps = inner.InnerSteps,
                EvaluationSteps = inner.EvaluationSteps,
                BatchNorm = inner.BatchNorm,
            }),
            MetaMethod.Reptile => new Reptile(model, initial, new ReptileOptions { BatchNorm = options.BatchNorm, Seed = options.Seed }),
            _ => throw new FewShotException($"There is no method {options.Method}."),
        };
    }

    /// <summary>The meta-batches that a method trains on.</summary>
    public static EpisodeTasks TrainingTasks(ImageSet images, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.TrainWay is not null && options.Method != MetaMethod.PrototypicalNetwork)
        {
            throw new FewShotException(
                $"{options.Method} has a head for the {options.Way} ways of the test; TrainWay is {options.TrainWay}: leave it out.");
        }

        var form = options.Method == MetaMethod.Reptile
            ? new EpisodeOptions(options.Way, ReptileShots, 1)
            : new EpisodeOptions(options.TrainWay ?? options.Way, options.Shot, options.TrainQueries);
        return new EpisodeTasks(
            images,
            form,
            options.MetaBatch,
            options.Seed,
            augmentation: options.VariedIterations > 0 ? Varied : null,
            augmented: options.VariedIterations);
    }

    /// <summary>The settings of the outer loop.</summary>
    public static MetaTrainerOptions Outer(OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.ValidationEpisodes < 1 || options.ValidationEpisodes % EpisodesAtOnce != 0)
        {
            throw new FewShotException(
                $"ValidationEpisodes is {options.ValidationEpisodes}; {EpisodesAtOnce} are computed at once, "
                + "so it must be a multiple of that.");
        }

        var outer = options.Method == MetaMethod.Reptile
            ? MetaTrainerOptions.Reptile
            : new MetaTrainerOptions { LearningRate = options.LearningRate, Schedule = options.Schedule };
        return outer with
        {
            Iterations = options.Iterations,
            ReportEvery = options.ValidateEvery,
            ValidationBatches = options.ValidationEpisodes / EpisodesAtOnce,
        };
    }

    /// <summary>The frozen episodes of the test classes: the same for every method and every training.</summary>
    public static EpisodeList TestEpisodes(ImageSet test, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var form = new EpisodeOptions(options.Way, options.Shot, options.TestQueries);
        return EpisodeList.Draw(test, form, options.TestEpisodes, options.TestSeed);
    }

    /// <summary>The ways in which a learner is judged: a prototypical network answers each query by itself, and in no other way.</summary>
    public static IReadOnlyList<Judgement> Judgements(MetaMethod method) =>
        method == MetaMethod.PrototypicalNetwork ? [Judgement.Inductive] : Judgement.All;

    /// <summary>The accuracy on a list of episodes, after the learner's number of inner steps in evaluation.</summary>
    /// <param name="learner">What learns from their support.</param>
    /// <param name="images">The images that the list is of; stay the caller's.</param>
    /// <param name="list">The episodes.</param>
    /// <param name="judgement">Which queries are asked together, and how they are normalised.</param>
    /// <param name="progress">Told of episodes.</param>
    public static EpisodeAccuracy Evaluate(
        EpisodicLearner learner, ImageSet images, EpisodeList list, Judgement judgement, IProgress<StepProgress>? progress = null) =>
        Evaluate(learner, images, list, [judgement], progress)[0];

    /// <summary>The same in several ways; the learner learns from each support once.</summary>
    /// <returns>One for each judgement, in their order.</returns>
    /// <inheritdoc cref="Evaluate(EpisodicLearner, ImageSet, EpisodeList, Judgement, IProgress{StepProgress}?)"/>
    public static IReadOnlyList<EpisodeAccuracy> Evaluate(
        EpisodicLearner learner,
        ImageSet images,
        EpisodeList list,
        IReadOnlyList<Judgement> judgements,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(list);
        ArgumentNullException.ThrowIfNull(judgements);
        progress ??= ProgressSink.Current;
        using var source = new EpisodeImages(images);
        var accuracies = judgements.Select(_ => new List<double>()).ToArray();
        foreach (var episodes in list.Episodes.Chunk(EpisodesAtOnce))
        {
            using var scope = torch.NewDisposeScope();
            using var support = source.Batch(episodes);
            var answer = learner.Prepare(support);
            foreach (var (judgement, found) in judgements.Zip(accuracies))
            {
                using var batch = source.Batch([.. episodes.Select(episode => WithQueries(episode, judgement.Queries))]);
                var predicted = answer(batch, judgement.BatchNorm).argmax(2);
                found.AddRange(predicted.eq(batch.QueryTargets).to(torch.float64).mean([1]).cpu().data<double>());
            }

            progress.Report(new StepProgress($"judging on {list.Count:N0} episodes", accuracies[0].Count, list.Count));
        }

        return [.. accuracies.Select(found => new EpisodeAccuracy(found, list.Seed))];
    }

    /// <summary>Trains, judges, and writes weights and record.</summary>
    /// <param name="split">The classes; stay the caller's.</param>
    /// <param name="folder">Where weights and record go; null for <see cref="MetaWeights.Folder"/>.</param>
    /// <param name="work">Where the checkpoint is kept: a stopped study goes on from there.</param>
    /// <param name="options">Settings.</param>
    /// <param name="limit">The longest that the training may take in this call; null for no limit. Settings do not depend on it.</param>
    /// <param name="startFrom">Weights of this study's form to start from, their record beside them, or null for random ones.</param>
    /// <param name="judge">False where the training is a part that another goes on from: the test characters are left alone then.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration, with a checkpoint and without a result.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(
        ClassSplit split,
        string? folder,
        string work,
        OmniglotStudyOptions? options = null,
        TimeSpan? limit = null,
        string? startFrom = null,
        bool judge = true,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentException.ThrowIfNullOrEmpty(work);
        options ??= new OmniglotStudyOptions();
        progress ??= ProgressSink.Current;
        folder ??= MetaWeights.Folder;
        using var scope = torch.NewDisposeScope();
        var (name, model) = (Name(options), Network(split.Train, options.Way));
        var warmStart = startFrom is null ? null : new WarmStart(startFrom);
        using var learner = Learner(model, options);
        if (warmStart is not null)
            learner.Load(warmStart.Path);
        using var mirrored = options.VariedIterations > 0 ? Omniglot.WithMirrorImages(split.Train) : null;
        using var training = TrainingTasks(mirrored ?? split.Train, options);
        var validationForm = new EpisodeOptions(options.Way, options.Shot, options.TestQueries);
        using var validation = new EpisodeTasks(split.Validation, validationForm, EpisodesAtOnce, options.Seed + 1);
        using var trainer = new MetaTrainer(learner, training, validation, Outer(options));
        var seconds = MetaRun.Train(trainer, Path.Combine(work, name + ".checkpoint"), limit, progress, cancel);

        var thisPart = new TrainingPart(trainer.Iteration, trainer.Best?.Iteration ?? trainer.Iteration, options.MetaBatch, seconds);
        var account = new TrainingAccount([.. warmStart?.Account.Parts ?? [], thisPart]);
        var path = MetaWeights.WeightsPath(folder, name);
        learner.Save(path, new Dictionary<string, string>
        {
            ["description"] = $"{model.Name}, {options.Method}; the record beside this file says how it was made.",
        });
        var written = Unjudged(split, options, account) with
        {
            Weights = Path.GetFileName(path),
            WeightsDigest = MetaWeights.Digest(path),
            Seconds = seconds,
        };
        written = written with
        {
            Data = warmStart is null ? written.Data : written.Data.Append(new(StartingWeights, warmStart.Digest)).ToDictionary(),
            Results = written.Results
                .Append(new("validation accuracy of the chosen", trainer.Best?.ValidationAccuracy ?? double.NaN))
                .ToDictionary(),
        };
        if (judge)
            written = Judged(written, learner, split, options, progress);
        written.Write(MetaWeights.RecordPath(folder, name));
        return written;
    }

    /// <summary>Judges weights that are there on the frozen episodes of the test characters, and writes the record beside them.</summary>
    /// <param name="split">The classes; stay the caller's.</param>
    /// <param name="weights">The file, as <see cref="Run"/> wrote it.</param>
    /// <param name="trainingRecord">The record of the training that made it.</param>
    /// <param name="options">Method, ways, shots and test episodes.</param>
    /// <param name="progress">Told of episodes.</param>
    /// <returns>The record that was written: the account of the training is in it.</returns>
    /// <exception cref="FewShotException">A file is missing, or the record is of other weights.</exception>
    public static RunRecord Judge(
        ClassSplit split, string weights, string trainingRecord, OmniglotStudyOptions options, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentException.ThrowIfNullOrEmpty(weights);
        ArgumentNullException.ThrowIfNull(options);
        var clock = Stopwatch.StartNew();
        using var scope = torch.NewDisposeScope();
        var trained = new WarmStart(weights, trainingRecord);
        using var learner = Learner(Network(split.Train, options.Way), options);
        learner.Load(weights);
        var varied = trained.Record.Options.TryGetValue("variedIterations", out var iterations) ? iterations.GetInt64() : 0;
        int? trainWay = trained.Record.Options.TryGetValue("trainWay", out var ways) && ways.ValueKind == JsonValueKind.Number
            ? ways.GetInt32()
            : null;
        var unjudged = Unjudged(split, options with { VariedIterations = varied, TrainWay = trainWay }, trained.Account) with
        {
            Seeds = trained.Record.Seeds,
            Options = trained.Record.Options,
            Weights = Path.GetFileName(weights),
            WeightsDigest = trained.Digest,
        };
        var written = Judged(unjudged, learner, split, options, progress ?? ProgressSink.Current) with
        {
            Seconds = clock.Elapsed.TotalSeconds,
        };
        written.Write(Path.ChangeExtension(weights, ".json"));
        return written;
    }

    /// <summary>The accuracy that a record holds, with its interval; null where it holds none.</summary>
    public static Estimate? Accuracy(RunRecord run, Judgement judgement)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(judgement);
        return RecordedMean.Find(run.Results, judgement.Name) is { } found
            ? new Estimate(found.Mean, found.Interval.Low, found.Interval.High)
            : null;
    }

    private static RunRecord Unjudged(ClassSplit split, OmniglotStudyOptions options, TrainingAccount account)
    {
        var variation = options.VariedIterations > 0
            ? ", with mirror images as classes of their own and, for a part of the training, "
                + "drawings turned, shifted and enlarged a little"
            : string.Empty;
        var when = account.Parts.Count > 1 ? "in the last part " : string.Empty;
        var ways = options.TrainWay is { } trainWay
            ? string.Create(CultureInfo.InvariantCulture, $", {when}{trainWay} ways an episode")
            : string.Empty;
        return EpisodeRecord.Unjudged(
            split,
            EpisodeRecord.Subject(options.Method, options.Way, options.Shot),
            ways + variation,
            options.Seed,
            RunRecord.OptionsFrom(options),
            account);
    }

    private static RunRecord Judged(
        RunRecord unjudged, EpisodicLearner learner, ClassSplit split, OmniglotStudyOptions options, IProgress<StepProgress> progress)
    {
        var (list, judgements) = (TestEpisodes(split.Test, options), Judgements(options.Method));
        var how = judgements.Count == 1
            ? "inductive: each query by itself, with the running averages of the training"
            : "transductive with all of an episode's queries together, transductive with the first query of each class alone, "
                + "and inductive";
        return EpisodeRecord.Judged(
            unjudged, split.Test, list, how, judgements.Zip(Evaluate(learner, split.Test, list, judgements, progress)));
    }

    private static Episode WithQueries(Episode episode, int? perClass) => perClass is { } count
        ? episode with { Query = [.. episode.Query.GroupBy(image => image.Label).SelectMany(images => images.Take(count))] }
        : episode;
}
