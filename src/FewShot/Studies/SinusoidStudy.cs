using System.Globalization;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// MAML on sine waves beside a network that was trained on all waves together and then takes the same inner steps. Weights are chosen on validation tasks; the
/// test tasks are looked at once.
/// </summary>
public static class SinusoidStudy
{
    /// <summary>Inner steps that the test goes up to.</summary>
    public const int Steps = 10;

    private const int ValidationTasks = 200;

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
            ? new SinusoidNetworks(ModelWeights.Load(MetaWeights.WeightsPath(folder, name), Model.Weights), ModelWeights.Load(joint, Model.Weights), made)
            : null;
    }

    /// <summary>Trains both networks, measures them, and writes weights and record.</summary>
    /// <param name="folder">Where weights and record go; null for <see cref="MetaWeights.Folder"/>.</param>
    /// <param name="work">Where checkpoints are kept: a stopped study goes on from there.</param>
    /// <param name="options">Settings.</param>
    /// <param name="limit">The longest that each of the two trainings may take in this call; null for no limit. Settings do not depend on it.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration, with a checkpoint and without a result.</param>
    /// <returns>The record that was written.</returns>
    public static RunRecord Run(string? folder, string work, SinusoidStudyOptions? options = null, TimeSpan? limit = null, IProgress<StepProgress>? progress = null, CancellationToken cancel = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(work);
        options ??= new SinusoidStudyOptions();
        progress ??= ProgressSink.Current;
        folder ??= MetaWeights.Folder;
        using var scope = torch.NewDisposeScope();
        using var initial = Model.Initial(options.Seed);
        var results = new Dictionary<string, double> { ["test tasks"] = options.TestTasks };
        using var maml = new Maml(Model, initial, Maml);
        var seconds = Train(maml, Name(options.Shot), "MAML");
        // With an inner step of 0 the query loss is that of the initial weights: plain training on all tasks together.
        using var joint = new Maml(Model, initial, Maml with { Order = GradientOrder.First, InnerLearningRate = 0 });
        seconds += Train(joint, BaselineName(options.Shot), "joint training");

        using var test = TestTasks(options);
        Add(results, "MAML", maml.Evaluate(test, Steps));
        var rate = BestRate(joint.Learned, options);
        results["joint training, fine-tuning rate"] = rate;
        using (var tuned = new Maml(Model, joint.Learned, Maml with { InnerLearningRate = rate }))
            Add(results, "joint training", tuned.Evaluate(test, Steps));

        var (mamlPath, jointPath) = (MetaWeights.WeightsPath(folder, Name(options.Shot)), MetaWeights.WeightsPath(folder, BaselineName(options.Shot)));
        maml.Save(mamlPath, Metadata(options));
        joint.Save(jointPath, Metadata(options));
        var written = RunRecord.Capture(string.Create(CultureInfo.InvariantCulture, $"Sine waves, {options.Shot} points: {Model.Name} by MAML, and by training on all tasks together")) with
        {
            // A record names one file of weights as its own; the other's digest stands beside it.
            Data = new Dictionary<string, string> { [Path.GetFileName(jointPath)] = MetaWeights.Digest(jointPath) },
            Weights = Path.GetFileName(mamlPath),
            WeightsDigest = MetaWeights.Digest(mamlPath),
            Protocol = string.Create(
                CultureInfo.InvariantCulture,
                $"Trained on sine waves drawn anew in every iteration; the iteration kept, and the fine-tuning rate of the jointly trained network, chosen on {ValidationTasks} validation waves; judged once on {options.TestTasks} test waves, {options.TestQueries} points each."),
            Seeds = new Dictionary<string, long>
            {
                ["weights and training tasks"] = options.Seed,
                ["validation tasks"] = ValidationSeed(options),
                ["test tasks"] = TestSeed(options),
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
            using var trainer = new MetaTrainer(learner, training, Validation(options), new MetaTrainerOptions { Iterations = options.Iterations, ValidationBatches = 1 });
            var took = MetaRun.Train(trainer, Path.Combine(work, name + ".checkpoint"), limit, progress, cancel);
            results[$"{key}, iterations"] = trainer.Iteration;
            results[$"{key}, chosen iteration"] = trainer.Best?.Iteration ?? trainer.Iteration;
            results[$"{key}, seconds"] = took;
            return took;
        }
    }

    /// <summary>The error that a record holds after so many steps, with its interval; null where it holds none.</summary>
    /// <param name="run">As <see cref="Run"/> wrote it.</param>
    /// <param name="method">"MAML" or "joint training".</param>
    /// <param name="step">0 to <see cref="Steps"/>.</param>
    public static (double Mean, Interval Interval)? Error(RunRecord run, string method, int step)
    {
        ArgumentNullException.ThrowIfNull(run);
        return RecordedMean.Find(run.Results, Key(method, step));
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

    private static SinusoidTasks Validation(SinusoidStudyOptions options) => new(options.Shot, options.TestQueries, ValidationTasks, ValidationSeed(options));

    private static long ValidationSeed(SinusoidStudyOptions options) => options.Seed + 1;

    private static long TestSeed(SinusoidStudyOptions options) => options.Seed + 2;

    private static void Add(Dictionary<string, double> results, string method, MetaResult result)
    {
        for (var step = 0; step <= result.Steps; step++)
            RecordedMean.Put(results, Key(method, step), result.Loss(step), result.LossInterval(step));
    }

    private static string Key(string method, int step) => string.Create(CultureInfo.InvariantCulture, $"{method}, MSE after {step} steps");

    private static Dictionary<string, string> Metadata(SinusoidStudyOptions options) => new()
    {
        ["description"] = string.Create(CultureInfo.InvariantCulture, $"{Model.Name} for sine waves of {options.Shot} points; the record beside this file says how it was made."),
        ["seed"] = options.Seed.ToString(CultureInfo.InvariantCulture),
    };
}
