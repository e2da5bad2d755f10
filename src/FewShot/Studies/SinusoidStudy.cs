using System.Globalization;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// MAML on sine waves beside a network that was trained on all waves together and then takes the same inner steps. Weights are chosen
/// on validation tasks, and judged on test tasks.
/// </summary>
public static class SinusoidStudy
{
    /// <summary>Inner steps that the test goes up to.</summary>
    public const int Steps = 10;

    /// <summary>
    /// A task has diverged where its mean squared error is above this: answering 0 everywhere costs no wave of the family more.
    /// </summary>
    public const double DivergedAbove = SinusoidTasks.HighestAmplitude * SinusoidTasks.HighestAmplitude;

    private const int ValidationTasks = 200;
    private const string TestTasksKey = "test tasks";

    // The jointly trained network never learned for a step size, so it is given the best of these on the validation tasks.
    private static readonly double[] BaselineRates = [0.1, 0.03, 0.01, 0.003, 0.001];

    /// <summary>The network of the paper.</summary>
    public static IFunctionalModel Model { get; } = new Mlp(1, 40, 40, 1);

    /// <summary>MAML's settings in training: one inner step at 0.01, second order; validation after that one step.</summary>
    public static MamlOptions Maml { get; } = new() { EvaluationSteps = 1 };

    /// <summary>The name of MAML's weights and of the record.</summary>
    public static string Name(int shot) => string.Create(CultureInfo.InvariantCulture, $"sinusoid-{shot}shot-maml");

    /// <summary>The name of the jointly trained network's weights.</summary>
    public static string BaselineName(int shot) => string.Create(CultureInfo.InvariantCulture, $"sinusoid-{shot}shot-joint");

    /// <summary>The test tasks in one batch.</summary>
    public static TaskBatch TestTasks(SinusoidStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new SinusoidTasks(options.Shot, options.TestQueries, options.TestTasks, TestSeed(options)).Draw(0);
    }

    /// <summary>Both networks and the record of their training; null where this copy of the course has none.</summary>
    /// <param name="shot">Points of a task.</param>
    public static SinusoidNetworks? Cached(int shot)
    {
        var (folder, name) = (MetaWeights.Folder, Name(shot));
        var joint = MetaWeights.WeightsPath(folder, BaselineName(shot));
        return MetaWeights.RecordOf(folder, name) is { } made && File.Exists(joint)
            ? new SinusoidNetworks(
                ModelWeights.Load(MetaWeights.WeightsPath(folder, name), Model.Weights),
                ModelWeights.Load(joint, Model.Weights),
                made)
            : null;
    }

    /// <summary>Trains both networks, measures them, and writes weights and record.</summary>
    /// <param name="folder">Where weights and record go; null for <see cref="MetaWeights.Folder"/>.</param>
    /// <param name="work">Where checkpoints are kept: a stopped study goes on from there.</param>
    /// <param name="options">Settings.</param>
    /// <param name="limit">The longest that each of the two trainings may take in this call; null for no limit. Settings do not depend
    /// on it.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration, with a checkpoint and without a result.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(
        string? folder,
        string work,
        SinusoidStudyOptions? options = null,
        TimeSpan? limit = null,
        IProgress<StepProgress>? progress = null,
        CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(work);
        options ??= new SinusoidStudyOptions();
        progress ??= ProgressSink.Current;
        folder ??= MetaWeights.Folder;
        using var scope = torch.NewDisposeScope();
        using var initial = Model.Initial(options.Seed);
        var results = new Dictionary<string, double> { [TestTasksKey] = options.TestTasks };
        using var maml = new Maml(Model, initial, Maml);
        var seconds = Train(maml, Name(options.Shot), "MAML");
        // With an inner step of 0 the query loss is that of the initial weights: plain training on all tasks together.
        using var joint = new Maml(Model, initial, Maml with { Order = GradientOrder.First, InnerLearningRate = 0 });
        seconds += Train(joint, BaselineName(options.Shot), "joint training");

        using var test = TestTasks(options);
        Add("MAML", maml.Evaluate(test, Steps));
        var rate = BestRate(joint.MetaParameters, options);
        results["joint training, fine-tuning rate"] = rate;
        using (var tuned = new Maml(Model, joint.MetaParameters, Maml with { InnerLearningRate = rate }))
            Add("joint training", tuned.Evaluate(test, Steps));

        var mamlPath = MetaWeights.WeightsPath(folder, Name(options.Shot));
        var jointPath = MetaWeights.WeightsPath(folder, BaselineName(options.Shot));
        maml.Save(mamlPath, Metadata(options));
        joint.Save(jointPath, Metadata(options));
        var written = RunRecord.Capture(string.Create(
            CultureInfo.InvariantCulture,
            $"Sine waves, {options.Shot} points: {Model.Name} by MAML, and by training on all tasks together")) with
        {
            // A record names one file of weights as its own; the other's digest stands beside it.
            Data = new Dictionary<string, string> { [Path.GetFileName(jointPath)] = MetaWeights.Digest(jointPath) },
            Weights = Path.GetFileName(mamlPath),
            WeightsDigest = MetaWeights.Digest(mamlPath),
            Protocol = ProtocolOf(options),
            Seeds = new Dictionary<string, long>
            {
                ["weights and training tasks"] = options.Seed,
                ["validation tasks"] = ValidationSeed(options),
                [TestTasksKey] = TestSeed(options),
            },
            Seconds = seconds,
            Options = RunRecord.OptionsFrom(options),
            Results = results,
        };
        written.Write(MetaWeights.RecordPath(folder, Name(options.Shot)));
        return written;

        double Train(MetaLearner learner, string name, string key)
        {
            var training = new SinusoidTasks(options.Shot, tasks: options.MetaBatch, seed: options.Seed);
            using var trainer = new MetaTrainer(learner, training, Validation(options), Outer(options));
            var took = MetaRun.Train(trainer, Path.Combine(work, name + ".checkpoint"), limit, progress, cancel);
            results[$"{key}, iterations"] = trainer.Iteration;
            results[$"{key}, chosen iteration"] = trainer.Best?.Iteration ?? trainer.Iteration;
            results[$"{key}, seconds"] = took;
            return took;
        }

        void Add(string method, MetaResult result)
        {
            for (var step = 0; step <= result.Steps; step++)
            {
                var (key, error) = (Key(method, step), Error(result, step, options));
                RecordedMean.Put(results, key, error.Mean, error.Interval);
                results[Median(key)] = error.Median;
                results[Diverged(key)] = error.Diverged;
            }
        }
    }

    /// <summary>The error over <see cref="TestTasks"/> after so many steps.</summary>
    /// <param name="result">Of an evaluation on these tasks.</param>
    /// <param name="step">0 to the steps of the evaluation.</param>
    /// <param name="options">That the tasks were drawn with.</param>
    public static TaskError Error(MetaResult result, int step, SinusoidStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(options);
        return TaskError.Of(result.Losses[step], TestSeed(options), DivergedAbove);
    }

    /// <summary>The error that a record holds after so many steps; null where it does not hold it whole.</summary>
    /// <param name="run">As <see cref="Run"/> wrote it.</param>
    /// <param name="method">"MAML" or "joint training".</param>
    /// <param name="step">0 to <see cref="Steps"/>.</param>
    public static TaskError? Error(RunRecord run, string method, int step)
    {
        ArgumentNullException.ThrowIfNull(run);
        var key = Key(method, step);
        return RecordedMean.Find(run.Results, key) is { } found
            && run.Results.TryGetValue(Median(key), out var median)
            && run.Results.TryGetValue(Diverged(key), out var diverged)
            && run.Results.TryGetValue(TestTasksKey, out var count)
            && run.Seeds.TryGetValue(TestTasksKey, out var seed)
            ? new TaskError(found.Mean, found.Interval, median, (int)diverged, (int)count, seed)
            : null;
    }

    /// <summary>The fine-tuning rate at which the jointly trained network does best on validation tasks after all steps.</summary>
    public static double BestRate(ModelWeights joint, SinusoidStudyOptions options)
    {
        ArgumentNullException.ThrowIfNull(joint);
        ArgumentNullException.ThrowIfNull(options);
        using var tasks = Validation(options).Draw(0);
        return BaselineRates.MinBy(rate =>
        {
            using var learner = new Maml(Model, joint, Maml with { InnerLearningRate = rate });
            var loss = learner.Evaluate(tasks, Steps).Loss(Steps);
            return double.IsFinite(loss) ? loss : double.PositiveInfinity;
        });
    }

    /// <summary>What is done, in words.</summary>
    internal static string ProtocolOf(SinusoidStudyOptions options)
    {
        var outer = Outer(options);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Waves y = a sin(x - phase), a from 0.1 to 5, phase from 0 to pi, x from -5 to 5, without noise. Training: {options.Shot} "
            + $"support and {options.Shot} query points of each wave, waves drawn anew in every iteration. MAML: {Maml.InnerSteps} inner "
            + $"step at rate {Maml.InnerLearningRate}, second order; outer step: Adam at rate {outer.LearningRate} on {options.MetaBatch} "
            + $"waves. Joint training: the same with an inner rate of 0. Kept: the weights with the least error on {ValidationTasks} "
            + $"validation waves, after {Maml.EvaluationSteps} inner step; the fine-tuning rate of the jointly trained network was chosen "
            + $"on the same waves, after {Steps} steps. Judged at the end on {options.TestTasks} test waves, "
            + $"{options.TestQueries} query points each. Intervals of 95 % are of the mean, and cover which test waves were drawn. "
            + $"Diverged: an error above {DivergedAbove}, which answering 0 everywhere cannot have, or not finite.");
    }

    private static SinusoidTasks Validation(SinusoidStudyOptions options) =>
        new(options.Shot, options.TestQueries, ValidationTasks, ValidationSeed(options));

    private static long ValidationSeed(SinusoidStudyOptions options) => options.Seed + 1;

    private static long TestSeed(SinusoidStudyOptions options) => options.Seed + 2;

    private static string Key(string method, int step) => string.Create(CultureInfo.InvariantCulture, $"{method}, MSE after {step} steps");

    private static string Median(string key) => key + ", median";

    private static string Diverged(string key) => key + ", diverged";

    private static MetaTrainerOptions Outer(SinusoidStudyOptions options) =>
        new() { Iterations = options.Iterations, ValidationBatches = 1 };

    private static Dictionary<string, string> Metadata(SinusoidStudyOptions options) => new()
    {
        ["description"] = string.Create(
            CultureInfo.InvariantCulture,
            $"{Model.Name} for sine waves of {options.Shot} points; the record beside this file says how it was made."),
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
    };
}
