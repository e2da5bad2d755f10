using System.Globalization;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Trains a meta-learner on the training characters of a split, chooses one checkpoint on the validation characters, and measures it once on frozen episodes of the
/// test characters, with both ways of normalising the query images.
/// </summary>
public static class OmniglotStudy
{
    internal const string Iterations = "iterations", ChosenIteration = "chosen iteration", TrainingSeconds = "training seconds";

    private const string TrainingSeed = "weights and training episodes";
    private const int ValidationBatches = 10;
    private const int EpisodesAtOnce = 20;

    // Reptile learns from more images of a class than it will be shown at the test (Nichol et al. 2018, table 4).
    private const int ReptileShots = 10;

    private static readonly AugmentationOptions Varied = AugmentationOptions.None with { CropPadding = 2, RotationDegrees = 10, Zoom = 0.1 };

    /// <summary>The name of the weights and of their record: "omniglot-5way-1shot-maml".</summary>
    public static string Name(OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var method = options.Method switch { MetaMethod.Maml => "maml", MetaMethod.FirstOrderMaml => "first-order-maml", MetaMethod.Anil => "anil", _ => "reptile" };
        return string.Create(CultureInfo.InvariantCulture, $"omniglot-{options.Way}way-{options.Shot}shot-{method}");
    }

    /// <summary>The network for these images: Conv4 of 64 filters with stride 2, as in the paper.</summary>
    public static Conv4 Network(ImageSet images, int way)
    {
        ArgumentNullException.ThrowIfNull(images);
        return new Conv4(Conv4Options.Omniglot with { Size = images.Height, Channels = (int)images.Images.shape[1], Ways = way });
    }

    /// <summary>A learner with fresh weights.</summary>
    public static MetaLearner Learner(IFunctionalModel model, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        using var initial = model.Initial(options.Seed);
        var inner = (options.Way >= 20 ? MamlOptions.OmniglotTwentyWay : MamlOptions.OmniglotFiveWay) with { BatchNorm = options.BatchNorm };
        return options.Method switch
        {
            MetaMethod.Maml => new Maml(model, initial, inner),
            MetaMethod.FirstOrderMaml => new Maml(model, initial, inner with { Order = GradientOrder.First }),
            MetaMethod.Anil => new Anil(model, initial, inner),
            MetaMethod.Reptile => new Reptile(model, initial, new ReptileOptions { BatchNorm = options.BatchNorm, Seed = options.Seed }),
            _ => throw new FewShotException($"There is no method {options.Method}."),
        };
    }

    /// <summary>The meta-batches that a method trains on.</summary>
    public static EpisodeTasks TrainingTasks(ImageSet images, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var form = options.Method == MetaMethod.Reptile ? new EpisodeOptions(options.Way, ReptileShots, 1) : new EpisodeOptions(options.Way, options.Shot, options.TrainQueries);
        return new EpisodeTasks(images, form, options.MetaBatch, options.Seed, augmentation: options.VariedIterations > 0 ? Varied : null, augmented: options.VariedIterations);
    }

    /// <summary>The settings of the outer loop.</summary>
    public static MetaTrainerOptions Outer(OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return options.Method == MetaMethod.Reptile
            ? MetaTrainerOptions.Reptile with { Iterations = options.Iterations, ReportEvery = options.ValidateEvery, ValidationBatches = ValidationBatches }
            : new MetaTrainerOptions
            {
                Iterations = options.Iterations,
                LearningRate = options.LearningRate,
                Schedule = options.Schedule,
                ReportEvery = options.ValidateEvery,
                ValidationBatches = ValidationBatches,
            };
    }

    /// <summary>The frozen episodes of the test classes.</summary>
    public static EpisodeList TestEpisodes(ImageSet test, OmniglotStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return EpisodeList.Draw(test, new EpisodeOptions(options.Way, options.Shot, options.TestQueries), options.TestEpisodes, options.Seed + 2);
    }

    /// <summary>The accuracy on a list of episodes, after the learner's number of inner steps in evaluation.</summary>
    /// <param name="learner">What adapts.</param>
    /// <param name="images">The images that the list is of; stay the caller's.</param>
    /// <param name="list">The episodes.</param>
    /// <param name="batchNorm">How query images are normalised.</param>
    /// <param name="progress">Told of episodes.</param>
    public static EpisodeAccuracy Evaluate(MetaLearner learner, ImageSet images, EpisodeList list, BatchNormMode batchNorm, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(list);
        progress ??= ProgressSink.Current;
        using var source = new EpisodeImages(images);
        var accuracies = new List<double>();
        foreach (var batch in source.Batches(list, EpisodesAtOnce))
        {
            using var scope = torch.NewDisposeScope();
            using (batch)
                accuracies.AddRange(learner.Predict(batch, batchNorm: batchNorm).argmax(2).eq(batch.QueryTargets).to(torch.float64).mean([1]).cpu().data<double>());
            progress.Report(new StepProgress($"judging on {list.Count:N0} episodes", accuracies.Count, list.Count));
        }

        return new EpisodeAccuracy(accuracies, list.Seed);
    }

    /// <summary>Trains, measures, and writes weights and record.</summary>
    /// <param name="split">The classes; stay the caller's.</param>
    /// <param name="folder">Where weights and record go; null for <see cref="MetaWeights.Folder"/>.</param>
    /// <param name="work">Where the checkpoint is kept: a stopped study goes on from there.</param>
    /// <param name="options">Settings.</param>
    /// <param name="limit">The longest that the training may take in this call; null for no limit. Settings do not depend on it.</param>
    /// <param name="startFrom">Weights of this study's form to start from, or null for random ones; the record names their digest.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration, with a checkpoint and without a result.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(
        ClassSplit split, string? folder, string work, OmniglotStudyOptions? options = null, TimeSpan? limit = null, string? startFrom = null, IProgress<StepProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentException.ThrowIfNullOrEmpty(work);
        options ??= new OmniglotStudyOptions();
        progress ??= ProgressSink.Current;
        folder ??= MetaWeights.Folder;
        using var scope = torch.NewDisposeScope();
        var (name, model) = (Name(options), Network(split.Train, options.Way));
        var earlier = startFrom is null ? null : new EarlierTraining(startFrom);
        using var learner = Learner(model, options);
        if (earlier is not null)
            learner.Load(earlier.Path);
        using var mirrored = options.VariedIterations > 0 ? Omniglot.WithMirrorImages(split.Train) : null;
        using var training = TrainingTasks(mirrored ?? split.Train, options);
        using var validation = new EpisodeTasks(split.Validation, new EpisodeOptions(options.Way, options.Shot, options.TestQueries), EpisodesAtOnce, options.Seed + 1);
        using var trainer = new MetaTrainer(learner, training, validation, Outer(options));
        var seconds = MetaRun.Train(trainer, Path.Combine(work, name + ".checkpoint"), limit, progress, cancel);

        var list = TestEpisodes(split.Test, options);
        var results = new Dictionary<string, double>
        {
            [Iterations] = trainer.Iteration,
            [ChosenIteration] = trainer.Best?.Iteration ?? trainer.Iteration,
            ["validation accuracy of the chosen"] = trainer.Best?.ValidationAccuracy ?? double.NaN,
            [TrainingSeconds] = seconds,
            ["test episodes"] = list.Count,
        };
        earlier?.AddTo(results);
        foreach (var mode in Enum.GetValues<BatchNormMode>())
        {
            var accuracy = Evaluate(learner, split.Test, list, mode, progress);
            RecordedMean.Put(results, Key(mode), accuracy.Mean, accuracy.Interval);
        }

        var data = new[] { split.Train, split.Validation, split.Test }.ToDictionary(set => set.Name, set => set.Digest);
        data["test episodes"] = list.Digest;
        if (earlier is not null)
            data["starting weights"] = earlier.Digest;
        var path = MetaWeights.WeightsPath(folder, name);
        learner.Save(path, new Dictionary<string, string> { ["description"] = $"{model.Name}, {options.Method}; the record beside this file says how it was made." });
        var written = RunRecord.Capture(string.Create(CultureInfo.InvariantCulture, $"{split.Train.Name}: {options.Method}, {options.Way}-way {options.Shot}-shot, {model.Name}")) with
        {
            Data = data,
            Weights = Path.GetFileName(path),
            WeightsDigest = MetaWeights.Digest(path),
            UsesStandIn = split.Train.IsStandIn,
            Seeds = new Dictionary<string, long> { [TrainingSeed] = options.Seed, ["validation episodes"] = options.Seed + 1, ["test episodes"] = options.Seed + 2 },
            Seconds = seconds,
            Options = RunRecord.OptionsFrom(options),
            Results = results,
        };
        written.Write(MetaWeights.RecordPath(folder, name));
        return written;
    }

    /// <summary>The accuracy that a record holds, with its interval; null where it holds none.</summary>
    public static Charts.Estimate? Accuracy(RunRecord run, BatchNormMode mode)
    {
        ArgumentNullException.ThrowIfNull(run);
        return RecordedMean.Find(run.Results, Key(mode)) is { } found ? new Charts.Estimate(found.Mean, found.Interval.Low, found.Interval.High) : null;
    }

    /// <summary>How long the training was, what went before it included: "50,003 meta-steps of 16 episodes in 4.2 h on cpu, seed 0".</summary>
    public static string Training(RunRecord run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var steps = run.Results.GetValueOrDefault(Iterations) + run.Results.GetValueOrDefault(EarlierTraining.Before(ChosenIteration));
        var seconds = run.Seconds + run.Results.GetValueOrDefault(EarlierTraining.Before(TrainingSeconds));
        var tasks = run.Options.TryGetValue("metaBatch", out var value) ? $" of {value} episodes" : string.Empty;
        return string.Create(CultureInfo.InvariantCulture, $"{steps:N0} meta-steps{tasks} in {seconds / 3600:0.0} h on {run.Device}, seed {run.Seeds.GetValueOrDefault(TrainingSeed)}");
    }

    private static string Key(BatchNormMode mode) => mode == BatchNormMode.Transductive ? "transductive" : "inductive";
}
