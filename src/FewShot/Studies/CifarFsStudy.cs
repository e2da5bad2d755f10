using System.Globalization;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Trains a Conv4 on the training classes of CIFAR-FS, by MAML or as a prototypical network, chooses one checkpoint on the validation
/// classes, and judges it once on frozen episodes of the test classes, in every way of <see cref="OmniglotStudy.Judgements"/>.
/// </summary>
public static class CifarFsStudy
{
    private const int EpisodesAtOnce = 20;

    /// <summary>The name of the weights and of their record: "cifar-fs-5way-1shot-maml".</summary>
    public static string Name(CifarFsStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var method = options.Method == MetaMethod.Maml ? "maml" : "prototypical-network";
        return string.Create(CultureInfo.InvariantCulture, $"cifar-fs-{options.Way}way-{options.Shot}shot-{method}");
    }

    /// <summary>A learner with fresh weights.</summary>
    /// <exception cref="FewShotException">The method is neither MAML nor the prototypical network, or MAML, whose head is of fixed size,
    /// is to train on other ways than it is tested on.</exception>
    public static EpisodicLearner Learner(CifarFsStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var form = Conv4Options.CifarFs with { Filters = options.Filters, Ways = options.Way };
        switch (options.Method)
        {
            case MetaMethod.Maml when options.TrainWay == options.Way:
                var model = new Conv4(form);
                using (var initial = model.Initial(options.Seed))
                    return new Maml(model, initial, MamlOptions.CifarFs);
            case MetaMethod.PrototypicalNetwork:
                var embedding = new Conv4Embedding(form);
                using (var initial = embedding.Initial(options.Seed))
                    return new ProtoNet(embedding, initial);
            default:
                throw new FewShotException(
                    "On CIFAR-FS, Maml is trained on as many ways as it is tested on, and PrototypicalNetwork on any; "
                    + $"found {options.Method}, {options.TrainWay} ways for {options.Way}.");
        }
    }

    /// <summary>Trains, judges, and writes weights and record.</summary>
    /// <param name="split">The classes of CIFAR-FS; stay the caller's.</param>
    /// <param name="folder">Where weights and record go; null for <see cref="MetaWeights.Folder"/>.</param>
    /// <param name="work">Where the checkpoint is kept: a stopped study goes on from there.</param>
    /// <param name="options">Settings.</param>
    /// <param name="limit">The longest that the training may take in this call; null for no limit. Settings do not depend on it.</param>
    /// <param name="judge">False to leave the test classes alone, for a training that is not at its end.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration, with a checkpoint and without a result.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(
        ClassSplit split,
        string? folder,
        string work,
        CifarFsStudyOptions options,
        TimeSpan? limit = null,
        bool judge = true,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(split);
        ArgumentException.ThrowIfNullOrEmpty(work);
        ArgumentNullException.ThrowIfNull(options);
        if (options.ValidationEpisodes < 1 || options.ValidationEpisodes % EpisodesAtOnce != 0)
            throw new FewShotException($"ValidationEpisodes must be a multiple of {EpisodesAtOnce}; found {options.ValidationEpisodes}.");
        progress ??= ProgressSink.Current;
        folder ??= MetaWeights.Folder;
        using var scope = torch.NewDisposeScope();
        var (name, form) = (Name(options), new EpisodeOptions(options.Way, options.Shot, options.Queries));
        using var learner = Learner(options);
        using var training = new EpisodeTasks(split.Train, form with { Way = options.TrainWay }, options.MetaBatch, options.Seed);
        using var validation = new EpisodeTasks(split.Validation, form, EpisodesAtOnce, options.Seed + 1);
        using var trainer = new MetaTrainer(learner, training, validation, new MetaTrainerOptions
        {
            Iterations = options.Iterations,
            LearningRate = options.LearningRate,
            Schedule = options.Schedule,
            ReportEvery = options.ValidateEvery,
            ValidationBatches = options.ValidationEpisodes / EpisodesAtOnce,
        });
        var seconds = MetaRun.Train(trainer, Path.Combine(work, name + ".checkpoint"), limit, progress, cancel);

        var kept = new TrainingPart(trainer.Iteration, trainer.Best?.Iteration ?? trainer.Iteration, options.MetaBatch, seconds);
        var account = new TrainingAccount([kept]);
        var path = MetaWeights.WeightsPath(folder, name);
        learner.Save(path, new Dictionary<string, string>
        {
            ["description"] = $"Conv4, {options.Filters} filters, {options.Method}; the record beside this file says how it was made.",
        });
        var subject = EpisodeRecord.Subject(options.Method, options.Way, options.Shot);
        var trainedOn = string.Create(CultureInfo.InvariantCulture, $", {options.TrainWay} ways an episode");
        var record = EpisodeRecord.Unjudged(split, subject, trainedOn, options.Seed, RunRecord.OptionsFrom(options), account) with
        {
            Weights = Path.GetFileName(path),
            WeightsDigest = MetaWeights.Digest(path),
            Seconds = seconds,
        };
        record = record with
        {
            Results = record.Results
                .Append(new("validation accuracy of the chosen", trainer.Best?.ValidationAccuracy ?? double.NaN))
                .ToDictionary(),
        };
        if (judge)
            record = Judged(record, learner, split.Test, form, options, progress);
        record.Write(MetaWeights.RecordPath(folder, name));
        return record;
    }

    private static RunRecord Judged(
        RunRecord unjudged,
        EpisodicLearner learner,
        ImageSet test,
        EpisodeOptions form,
        CifarFsStudyOptions options,
        IProgress<StepProgress> progress)
    {
        var list = EpisodeList.Draw(test, form, options.TestEpisodes, options.TestSeed);
        var judgements = OmniglotStudy.Judgements(options.Method);
        return EpisodeRecord.Judged(
            unjudged,
            test,
            list,
            string.Join("; ", judgements.Select(judgement => judgement.Name)),
            judgements.Zip(OmniglotStudy.Evaluate(learner, test, list, judgements, progress)));
    }
}
