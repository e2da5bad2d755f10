using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// A network whose vectors are compared: no weights change from task to task, so support and query images of all tasks pass through it as
/// one batch, and one batched product compares them.
/// </summary>
/// <remarks>
/// <see cref="MetaTrainer"/> trains it with BatchNorm over the whole meta-batch (<see cref="NormStatistics.OfTheBatch"/>). Answers are
/// given with the running averages of training (<see cref="NormStatistics.OfTraining"/>), so they are inductive: no query has
/// a say in the answer to another.
/// </remarks>
public abstract class MetricLearner : EpisodicLearner
{
    // So many images pass through the network together where no gradient is wanted.
    private const int ImagesAtOnce = 256;
    private readonly int embeddingWeights;
    private readonly Dictionary<string, torch.Tensor> state;

    private protected MetricLearner(
        IEmbedding embedding,
        ModelWeights initial,
        IReadOnlyList<WeightShape>? extra = null,
        IReadOnlyList<NormLayer>? extraLayers = null)
        : base(Known(embedding).Name, embedding.Weights, initial, extra ?? [])
    {
        Embedding = embedding;
        embeddingWeights = embedding.Weights.Count;
        using var scope = torch.NewDisposeScope();
        state = NormStatistics.Start([.. embedding.NormLayers, .. extraLayers ?? []], MetaParameters.Flat);
    }

    /// <summary>The network.</summary>
    public IEmbedding Embedding { get; }

    /// <summary>Running means and variances of the BatchNorm layers.</summary>
    internal override IReadOnlyDictionary<string, torch.Tensor> State => state;

    /// <summary>Whether maps are compared and not vectors.</summary>
    private protected virtual bool ComparesMaps => false;

    /// <summary>The gradient of the mean loss over all query examples.</summary>
    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0)
    {
        CheckType(tasks);
        using var scope = torch.NewDisposeScope();
        using var mode = torch.enable_grad();
        var learned = MetaParameters.Tensors.Select(tensor => tensor.detach().requires_grad_()).ToArray();
        var running = state.ToDictionary(entry => entry.Key, entry => entry.Value.clone());
        var loss = TrainingLoss(tasks, learned, NormStatistics.OfTheBatch(running));
        var gradients = Autograd.GradientsWhereUsed(loss, learned)
            .Zip(learned, (gradient, tensor) => gradient ?? torch.zeros_like(tensor));
        var flat = MetaParameters.Flatten([.. gradients]);
        foreach (var tensor in running.Values)
            _ = tensor.DetachFromDisposeScope();
        return new MetaGradient(loss.to(torch.float64).item<double>(), flat.DetachFromDisposeScope(), Order: null) { State = running };
    }

    /// <summary>How much each class of its task fits each query image.</summary>
    /// <param name="tasks">The tasks; the targets of the queries are not looked at.</param>
    /// <param name="batchNorm">Inductive, or null for the same: there is no other way.</param>
    /// <returns>T x Q x way, the higher the likelier.</returns>
    /// <exception cref="FewShotException">The tasks do not fit, or transductive answers are asked for.</exception>
    public override torch.Tensor Predict(TaskBatch tasks, BatchNormMode? batchNorm = null)
    {
        if (batchNorm == BatchNormMode.Transductive)
        {
            throw new FewShotException(
                $"{GetType().Name} normalises with the averages of its training and answers each query by itself: "
                + "ask for BatchNormMode.Inductive.");
        }

        CheckType(tasks);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        return Scores(tasks, MetaParameters.Tensors, NormStatistics.OfTraining(state)).MoveToOuterDisposeScope();
    }

    /// <summary>Loss and accuracy on the query examples.</summary>
    /// <returns>One measurement: there are no inner steps.</returns>
    /// <exception cref="FewShotException">The tasks do not fit.</exception>
    public MetaResult Evaluate(TaskBatch tasks)
    {
        using var scope = torch.NewDisposeScope();
        var scores = Predict(tasks);
        CheckLabels(GetType().Name, tasks.QueryTargets, scores.shape[2]);
        return new MetaResult
        {
            Order = null,
            BatchNorm = BatchNormMode.Inductive,
            Losses = [Numbers(Losses(scores, tasks.QueryTargets).mean([1]))],
            Accuracies = [Numbers(scores.argmax(2).eq(tasks.QueryTargets).to(torch.float64).mean([1]))],
        };
    }

    /// <summary>The vectors of images, as training left the network.</summary>
    /// <param name="images">N x channels x height x width, of the weights' type and on their device.</param>
    /// <returns>N x D, without gradient.</returns>
    public torch.Tensor Embed(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        return Embedding.Vectors(Maps(images, MetaParameters.Tensors, NormStatistics.OfTraining(state))).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    internal override MetaResult EvaluateLast(TaskBatch tasks) => Evaluate(tasks);

    /// <inheritdoc/>
    internal override Func<TaskBatch, BatchNormMode, torch.Tensor> Prepare(TaskBatch tasks) => (batch, mode) => Predict(batch, mode);

    /// <summary>How much each class of its task fits each query, T x Q x way.</summary>
    private protected abstract torch.Tensor Compare(EmbeddedTasks tasks);

    /// <summary>The loss of each query example, T x Q: cross-entropy.</summary>
    private protected virtual torch.Tensor Losses(torch.Tensor scores, torch.Tensor targets) => torch.nn.functional
        .cross_entropy(scores.flatten(0, 1), targets.flatten(), reduction: torch.nn.Reduction.None)
        .view(targets.shape);

    /// <summary>What training lowers: the mean loss of the query examples.</summary>
    private protected virtual torch.Tensor TrainingLoss(TaskBatch tasks, IReadOnlyList<torch.Tensor> learned, NormStatistics statistics)
    {
        var scores = Scores(tasks, learned, statistics);
        CheckLabels(GetType().Name, tasks.QueryTargets, scores.shape[2]);
        return Losses(scores, tasks.QueryTargets).mean();
    }

    /// <summary>Vectors (or maps) of images, N x ..., through weights that may carry a gradient.</summary>
    private protected torch.Tensor Embedded(torch.Tensor images, IReadOnlyList<torch.Tensor> learned, NormStatistics statistics)
    {
        var maps = Maps(images, learned, statistics);
        return ComparesMaps ? maps : Embedding.Vectors(maps);
    }

    private torch.Tensor Scores(TaskBatch tasks, IReadOnlyList<torch.Tensor> learned, NormStatistics statistics)
    {
        var members = Members(tasks);
        var images = torch.cat([tasks.SupportInputs.flatten(0, 1), tasks.QueryInputs.flatten(0, 1)]);
        var embedded = Embedded(images, learned, statistics);
        var supports = (long)tasks.Count * tasks.SupportCount;
        var size = embedded.shape[1..];
        return Compare(new EmbeddedTasks(
            embedded.narrow(0, 0, supports).view([tasks.Count, tasks.SupportCount, .. size]),
            members,
            embedded.narrow(0, supports, images.shape[0] - supports).view([tasks.Count, tasks.QueryCount, .. size]),
            [.. learned.Skip(embeddingWeights)],
            statistics));
    }

    private torch.Tensor Maps(torch.Tensor images, IReadOnlyList<torch.Tensor> learned, NormStatistics statistics)
    {
        IReadOnlyList<torch.Tensor> weights = [.. learned.Take(embeddingWeights)];
        return torch.is_grad_enabled() || images.shape[0] <= ImagesAtOnce
            ? Embedding.Maps(weights, images, statistics)
            : torch.cat([.. images.split(ImagesAtOnce).Select(part => Embedding.Maps(weights, part, statistics))]);
    }

    /// <summary>Which support example is of which class.</summary>
    private torch.Tensor Members(TaskBatch tasks)
    {
        if (!tasks.IsClassification)
            throw new FewShotException($"{GetType().Name} tells classes apart: the targets must be int64, tasks x examples.");
        var low = tasks.SupportTargets.min().item<long>();
        var way = tasks.SupportTargets.max().item<long>() + 1;
        if (low < 0 || way < 2)
            throw new FewShotException($"A task has at least 2 ways, and labels from 0 on; found labels from {low} to {way - 1}.");
        var members = torch.nn.functional.one_hot(tasks.SupportTargets, way);
        if (members.sum([1]).min().item<long>() == 0)
            throw new FewShotException($"Every class of a task needs a support example; some task lacks one of the {way} classes.");
        return members.to(MetaParameters.Flat.dtype);
    }

    private static IEmbedding Known(IEmbedding embedding) => embedding ?? throw new ArgumentNullException(nameof(embedding));
}
