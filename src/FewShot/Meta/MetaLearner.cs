using FewShot.Episodes;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>Initial weights from which a model adapts to a new task in a few steps, and the way in which it adapts.</summary>
public abstract class MetaLearner : EpisodicLearner
{
    private protected MetaLearner(
        IFunctionalModel model, ModelWeights initial, IReadOnlyList<WeightShape> extra, MetaLearnerOptions options)
        : base(Checked(model, options).Name, model.Weights, initial, extra) => (Model, Settings) = (model, options);

    /// <summary>The network.</summary>
    public IFunctionalModel Model { get; }

    /// <summary>The initial weights.</summary>
    public IReadOnlyList<torch.Tensor> Weights => [.. MetaParameters.Tensors.Take(Model.Weights.Count)];

    /// <summary>The order of the gradient that this learner trains with; null where it takes no gradient of a query loss.</summary>
    public abstract GradientOrder? Order { get; }

    private protected MetaLearnerOptions Settings { get; }

    /// <summary>The weights of each task after its inner steps.</summary>
    /// <param name="tasks">Only their support examples are used.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <returns>T x shape for each weight of the model, without gradient; the caller disposes them.</returns>
    /// <exception cref="FewShotException">The tasks do not fit the weights, or <paramref name="steps"/> is below 0.</exception>
    public IReadOnlyList<torch.Tensor> Adapt(TaskBatch tasks, int? steps = null)
    {
        var count = Steps(tasks, steps);
        var adapted = Weights.Select(weight => weight.new_empty([tasks.Count, .. weight.shape])).ToArray();
        ForEachChunk(tasks, chunk =>
        {
            foreach (var (target, source) in adapted.Zip(Adapted(chunk, count)))
                _ = target.narrow(0, chunk.First, chunk.Tasks.Count).copy_(source);
        });
        return adapted;
    }

    /// <summary>What the adapted weights say of the query inputs; their targets are not looked at.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <param name="batchNorm">Null for the learner's own.</param>
    /// <returns>T x Q x outputs: class scores (logits), or values.</returns>
    /// <exception cref="FewShotException">The tasks do not fit the weights, or <paramref name="steps"/> is below 0.</exception>
    public torch.Tensor Predict(TaskBatch tasks, int? steps = null, BatchNormMode? batchNorm = null)
    {
        var count = Steps(tasks, steps);
        var predicted = MetaParameters.Flat.new_empty(tasks.Count, tasks.QueryCount, Model.Weights[^1].Shape[0]);
        ForEachChunk(tasks, chunk =>
        {
            _ = predicted.narrow(0, chunk.First, chunk.Tasks.Count)
                .copy_(chunk.Query(Adapted(chunk, count), batchNorm ?? Settings.BatchNorm));
        });
        return predicted;
    }

    /// <inheritdoc/>
    public override torch.Tensor Predict(TaskBatch tasks, BatchNormMode? batchNorm = null) => Predict(tasks, steps: null, batchNorm);

    /// <summary>
    /// As <see cref="Predict(TaskBatch, int?, BatchNormMode?)"/>, from weights that <see cref="Adapt"/> gave: one adaptation
    /// for several sets of queries.
    /// </summary>
    internal torch.Tensor Predict(TaskBatch tasks, IReadOnlyList<torch.Tensor> adapted, BatchNormMode batchNorm)
    {
        var predicted = MetaParameters.Flat.new_empty(tasks.Count, tasks.QueryCount, Model.Weights[^1].Shape[0]);
        ForEachChunk(tasks, chunk =>
        {
            var weights = adapted.Select(weight => weight.narrow(0, chunk.First, chunk.Tasks.Count)).ToArray();
            _ = predicted.narrow(0, chunk.First, chunk.Tasks.Count).copy_(chunk.Query(weights, batchNorm));
        });
        return predicted;
    }

    /// <summary>Loss and accuracy on the query examples after 0, 1, 2, ... inner steps.</summary>
    /// <param name="tasks">The tasks.</param>
    /// <param name="steps">Inner steps, from 0; null for the learner's number in evaluation.</param>
    /// <param name="batchNorm">Null for the learner's own.</param>
    /// <exception cref="FewShotException">The tasks do not fit the weights, or <paramref name="steps"/> is below 0.</exception>
    public MetaResult Evaluate(TaskBatch tasks, int? steps = null, BatchNormMode? batchNorm = null) =>
        Measure(tasks, Steps(tasks, steps), batchNorm ?? Settings.BatchNorm, first: 0);

    /// <summary>
    /// As <see cref="Evaluate"/>, but measured after the last step alone, which spares the query examples after the others.
    /// </summary>
    internal override MetaResult EvaluateLast(TaskBatch tasks) =>
        Measure(tasks, Settings.EvaluationSteps, Settings.BatchNorm, first: Settings.EvaluationSteps);

    /// <inheritdoc/>
    internal override Func<TaskBatch, BatchNormMode, torch.Tensor> Prepare(TaskBatch tasks)
    {
        var adapted = Adapt(tasks);
        return (batch, mode) => Predict(batch, adapted, mode);
    }

    /// <summary>The inner loop of an evaluation.</summary>
    private protected abstract InnerLoop Begin(TaskChunk chunk);

    /// <summary>
    /// Runs over the tasks in chunks, on several threads unless chunks of one task were asked for (the plain loop), without gradient, each
    /// in a dispose scope of its own.
    /// </summary>
    private protected void ForEachChunk(TaskBatch tasks, Action<TaskChunk> work)
    {
        Check(tasks);
        var (size, count) = Chunks(tasks);
        void One(int index)
        {
            using var scope = torch.NewDisposeScope();
            using var noGradient = torch.no_grad();
            using var part = tasks.Slice(index * size, Math.Min(size, tasks.Count - (index * size)));
            work(new TaskChunk(Model, part, index, index * size));
        }

        if (Settings.ChunkSize == 1 || count == 1 || MetaParameters.Flat.device_type != DeviceType.CPU)
        {
            for (var index = 0; index < count; index++)
                One(index);
        }
        else
        {
            TaskThreads.Run(count, One);
        }
    }

    /// <summary>Tasks in a chunk (the last may have fewer), and the number of chunks.</summary>
    private protected (int Size, int Count) Chunks(TaskBatch tasks)
    {
        var size = ChunkPlan.Size(Model, tasks, MetaParameters.Flat.device, Settings.ChunkSize);
        return (size, (tasks.Count + size - 1) / size);
    }

    private MetaResult Measure(TaskBatch tasks, int steps, BatchNormMode mode, int first)
    {
        var losses = Enumerable.Range(first, steps + 1 - first).Select(_ => new double[tasks.Count]).ToArray();
        var accuracies = tasks.IsClassification ? losses.Select(_ => new double[tasks.Count]).ToArray() : [];
        ForEachChunk(tasks, chunk =>
        {
            var loop = Begin(chunk);
            for (var step = 0; step <= steps; step++)
            {
                if (step > 0)
                    loop.Step();
                if (step < first)
                    continue;
                using var scope = torch.NewDisposeScope();
                var (loss, correct) = Score(chunk.Query(loop.Weights, mode), chunk.Tasks.QueryTargets);
                loss.CopyTo(losses[step - first], chunk.First);
                correct?.CopyTo(accuracies[step - first], chunk.First);
            }
        });
        return new MetaResult { Order = Order, BatchNorm = mode, Losses = losses, Accuracies = accuracies };
    }

    private IReadOnlyList<torch.Tensor> Adapted(TaskChunk chunk, int steps)
    {
        var loop = Begin(chunk);
        for (var step = 0; step < steps; step++)
            loop.Step();
        return loop.Weights;
    }

    private static (double[] Loss, double[]? Correct) Score(torch.Tensor output, torch.Tensor targets)
    {
        if (targets.dtype != torch.ScalarType.Int64)
            return (Numbers((output - targets).square().mean([1, 2])), null);
        var loss = torch.nn.functional
            .cross_entropy(output.flatten(0, 1), targets.flatten(), reduction: torch.nn.Reduction.None)
            .view(targets.shape)
            .mean([1]);
        return (Numbers(loss), Numbers(output.argmax(2).eq(targets).to(torch.float64).mean([1])));
    }

    private static IFunctionalModel Checked(IFunctionalModel model, MetaLearnerOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        options.Check();
        return model;
    }

    private int Steps(TaskBatch tasks, int? steps)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        var count = steps ?? Settings.EvaluationSteps;
        return count >= 0 ? count : throw new FewShotException($"Inner steps must be at least 0; found {count}.");
    }

    private void Check(TaskBatch tasks)
    {
        CheckType(tasks);
        foreach (var targets in tasks.IsClassification ? new[] { tasks.SupportTargets, tasks.QueryTargets } : [])
            CheckLabels(Model.Name, targets, Model.Weights[^1].Shape[0]);
        if (!tasks.IsClassification && tasks.SupportTargets.shape[2] != Model.Weights[^1].Shape[0])
        {
            throw new FewShotException(
                $"The targets have {tasks.SupportTargets.shape[2]} values, {Model.Name} has {Model.Weights[^1].Shape[0]} outputs.");
        }
    }
}
