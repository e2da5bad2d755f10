using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Meta;

/// <summary>
/// Trains an <see cref="EpisodicLearner"/>. On the CPU a training is a function of learner, tasks and options alone: stopped after any
/// iteration and resumed from a checkpoint, it ends in the same weights bit for bit (with the same number of threads).
/// </summary>
public sealed class MetaTrainer : IDisposable
{
    private readonly EpisodicLearner learner;
    private readonly ITaskSource training;
    private readonly ITaskSource? validation;
    private readonly MetaTrainerOptions options;
    private readonly MetaIdentity identity;
    private readonly ResumableOptimizer optimizer;
    private readonly Parameter flat;
    private readonly List<MetaPoint> history = [];
    private readonly torch.Tensor best;
    private readonly Dictionary<string, torch.Tensor> bestState;
    private double sum;

    /// <summary>Prepares a training; the learner is trained in place and stays the caller's, as do the sources.</summary>
    /// <param name="learner">What is trained.</param>
    /// <param name="training">Its tasks.</param>
    /// <param name="validation">Tasks that choose the best weights, none of which is trained on or tested on; null
    /// to take the last ones.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public MetaTrainer(EpisodicLearner learner, ITaskSource training, ITaskSource? validation = null, MetaTrainerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(learner);
        ArgumentNullException.ThrowIfNull(training);
        (this.learner, this.training, this.validation) = (learner, training, validation);
        this.options = options ?? new MetaTrainerOptions();
        Check(this.options);
        identity = new(
            learner.Identity,
            MetaCheckpoint.Digest(learner),
            MetaCheckpoint.Text(this.options),
            training.Identity,
            validation?.Identity);
        // The same memory as the learner's: a step of the optimizer changes the learner.
        flat = new Parameter(learner.MetaParameters.Flat.detach());
        _ = flat.DetachFromDisposeScope();
        var learned = new TrainedParameter("", flat, this.options.LearningRate);
        optimizer = this.options.Optimizer switch
        {
            OuterOptimizer.Adam => ResumableOptimizer.Adam([learned]),
            OuterOptimizer.Sgd => ResumableOptimizer.Sgd([learned]),
            _ => throw new FewShotException($"Unknown optimizer: {this.options.Optimizer}."),
        };
        best = learner.MetaParameters.Flat.detach().clone().DetachFromDisposeScope();
        bestState = learner.State.ToDictionary(entry => entry.Key, entry => entry.Value.clone().DetachFromDisposeScope());
    }

    /// <summary>Meta-batches done.</summary>
    public long Iteration { get; private set; }

    /// <summary>The losses and validations so far.</summary>
    public IReadOnlyList<MetaPoint> History => history;

    /// <summary>The best point by validation (accuracy, for regression loss); null without validation.</summary>
    public MetaPoint? Best => history.Aggregate((MetaPoint?)null, (chosen, point) => Improves(point, chosen) ? point : chosen);

    /// <summary>Runs to the end, then puts the best weights by validation into the learner (without validation: the last).</summary>
    /// <param name="checkpoint">A file written at the start and now and then, and gone on from where it exists; where it cannot be
    /// written, a warning says so and training goes on. Null for none.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration; the checkpoint is written then.</param>
    /// <returns>The losses and validations of the training.</returns>
    /// <exception cref="FewShotException">The loss is not a number, or the checkpoint belongs to another training.</exception>
    /// <exception cref="OperationCanceledException">The training was stopped by the cancellation.</exception>
    public IReadOnlyList<MetaPoint> Run(
        string? checkpoint = null, IProgress<StepProgress>? progress = null, CancellationToken cancel = default)
    {
        if (checkpoint is not null && Iteration == 0 && File.Exists(checkpoint))
            Load(checkpoint);
        var kept = checkpoint is null ? null : new KeptFile(checkpoint, "Training goes on; stopped, it would begin anew.");
        // Written before the first step too: whoever counts on it is told while there is nothing to lose.
        kept?.Write(Save);
        while (Iteration < options.Iterations)
        {
            var untilCheckpoint = options.CheckpointEvery - (Iteration % options.CheckpointEvery);
            _ = Advance(Math.Min(untilCheckpoint, options.Iterations - Iteration), progress, cancel);
            kept?.Write(Save);
            cancel.ThrowIfCancellationRequested();
        }

        TakeBest();
        return History;
    }

    /// <summary>Trains so many iterations further, at most to the end; the best weights are not taken yet.</summary>
    /// <param name="iterations">How many.</param>
    /// <param name="progress">Told of every iteration.</param>
    /// <param name="cancel">Stops after the current iteration.</param>
    /// <returns>The mean query loss over them.</returns>
    /// <exception cref="FewShotException">The loss is not a number.</exception>
    public double Advance(long iterations, IProgress<StepProgress>? progress = null, CancellationToken cancel = default)
    {
        progress ??= ProgressSink.Current;
        var (total, done) = (0.0, 0L);
        for (; done < iterations && Iteration < options.Iterations && !cancel.IsCancellationRequested; done++)
        {
            total += Step();
            var note = history.Count == 0 ? null : history[^1].ToString();
            progress.Report(new StepProgress("meta-training", Iteration, options.Iterations, note));
        }

        return total / Math.Max(1, done);
    }

    /// <summary>Puts the best weights by validation so far into the learner; without validation the last ones stay.</summary>
    public void TakeBest()
    {
        using var noGradient = torch.no_grad();
        if (Best is null)
            return;
        _ = learner.MetaParameters.Flat.copy_(best);
        foreach (var (name, tensor) in bestState)
            _ = learner.State[name].copy_(tensor);
    }

    /// <summary>
    /// Writes all that a resumed training needs, whole or not at all: weights, running averages, position, history,
    /// and what they belong to.
    /// </summary>
    public void Save(string path) => MetaCheckpoint.Write(path, identity, new MetaPosition(Iteration, sum, history), Tensors());

    /// <summary>Takes up a saved training where it stood.</summary>
    /// <exception cref="FewShotException">The file is damaged, or belongs to another training; nothing has changed then.</exception>
    public void Load(string path)
    {
        var position = MetaCheckpoint.Read(path, identity, Tensors());
        (Iteration, sum) = (position.Iteration, position.LossSum);
        optimizer.Resume(Iteration);
        history.Clear();
        history.AddRange(position.History);
    }

    /// <summary>Frees the running averages; the learner stays.</summary>
    public void Dispose()
    {
        optimizer.Dispose();
        flat.Dispose();
        best.Dispose();
        foreach (var tensor in bestState.Values)
            tensor.Dispose();
    }

    private static void Check(MetaTrainerOptions options)
    {
        MetaLearnerOptions.CheckRate(options.LearningRate);
        if (options.Iterations < 1 || options.ReportEvery < 1 || options.ValidationBatches < 1 || options.CheckpointEvery < 1)
        {
            throw new FewShotException(
                $"Iterations, ReportEvery, ValidationBatches and CheckpointEvery must be at least 1; found {options}.");
        }
    }

    private static bool Improves(MetaPoint point, MetaPoint? than) => point switch
    {
        { ValidationAccuracy: { } accuracy } => accuracy > (than?.ValidationAccuracy ?? double.NegativeInfinity),
        { ValidationLoss: { } loss } => loss < (than?.ValidationLoss ?? double.PositiveInfinity),
        _ => false,
    };

    private double Step()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = training.Draw(Iteration);
        using var gradient = learner.Gradient(tasks, Iteration);
        if (!double.IsFinite(gradient.Loss))
        {
            throw new FewShotException(
                $"Meta-training diverged in iteration {Iteration + 1}: its loss is {gradient.Loss}. "
                + "Lower a learning rate, or set GradientClip.");
        }

        flat.grad = gradient.Gradient;
        optimizer.Step(options.Schedule.Share(Iteration, options.Iterations));
        using (torch.no_grad())
        {
            foreach (var (name, tensor) in gradient.State)
                _ = learner.State[name].copy_(tensor);
        }

        Iteration++;
        sum += gradient.Loss;
        if (Iteration % options.ReportEvery == 0 || Iteration == options.Iterations)
            Report();
        return gradient.Loss;
    }

    private void Report()
    {
        var point = new MetaPoint(Iteration, sum / (Iteration - (history.Count == 0 ? 0 : history[^1].Iteration)), null, null);
        sum = 0;
        if (validation is not null)
        {
            var results = Enumerable.Range(0, options.ValidationBatches).Select(index =>
            {
                using var tasks = validation.Draw(index);
                return learner.EvaluateLast(tasks);
            });
            var result = MetaResult.Concatenate([.. results]);
            point = point with
            {
                ValidationLoss = result.Loss(result.Steps),
                ValidationAccuracy = result.Accuracies.Count > 0 ? result.Accuracy(result.Steps) : null,
            };
        }

        if (Improves(point, Best))
        {
            using var noGradient = torch.no_grad();
            _ = best.copy_(learner.MetaParameters.Flat);
            foreach (var (name, tensor) in bestState)
                _ = tensor.copy_(learner.State[name]);
        }

        history.Add(point);
    }

    private Dictionary<string, torch.Tensor> Tensors() => learner.MetaParameters.Named
        .Select(entry => ("weights " + entry.Key, entry.Value))
        .Concat(learner.State.Select(entry => ("state " + entry.Key, entry.Value)))
        .Concat(optimizer.Averages.Select(entry => ("outer " + entry.Key, entry.Value)))
        .Append(("best", best))
        .Concat(bestState.Select(entry => ("best state " + entry.Key, entry.Value)))
        .ToDictionary();
}
