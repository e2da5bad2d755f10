using FewShot.Episodes;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Model-agnostic meta-learning (Finn, Abbeel and Levine 2017): initial weights from which a few steps of gradient descent on the support
/// examples answer the query examples well. With the options of MAML++ (Antoniou, Edwards and Storkey 2019): rates learned for each layer
/// and step, and a loss after every step.
/// </summary>
/// <remarks>
/// <see cref="Anil"/> and <see cref="MetaSgd"/> change which weights adapt, and by which rates; <see cref="ProtoMaml"/> what the head
/// starts from.
/// </remarks>
public class Maml : MetaLearner
{
    /// <summary>Name of the learned rates in <see cref="EpisodicLearner.MetaParameters"/>: steps x layers.</summary>
    internal const string RatesName = "inner_rates";

    private readonly DescentOptions options;
    private readonly MamlOptions maml;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">A setting is out of range, or the weights do not fit the model.</exception>
    public Maml(IFunctionalModel model, ModelWeights initial, MamlOptions? options = null)
        : this(model, initial, Rates(model, options ??= new MamlOptions()), options)
    {
        maml = options;
        if (options.LearnRates)
        {
            using var noGradient = torch.no_grad();
            _ = MetaParameters[RatesName].fill_(options.InnerLearningRate);
        }
    }

    private protected Maml(IFunctionalModel model, ModelWeights initial, IReadOnlyList<WeightShape> rates, DescentOptions options)
        : base(model, initial, rates, options) => (this.options, maml) = (options, new MamlOptions());

    /// <inheritdoc/>
    public override GradientOrder? Order => options.Order;

    internal override string Identity => $"{GetType().Name} {Model.Name} {MetaCheckpoint.Text(options)}";

    /// <summary>The mean over tasks of the gradient of each one's <see cref="MetaLoss"/>.</summary>
    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        using var scope = torch.NewDisposeScope();
        // A row for each chunk: their sum does not depend on which thread was done first.
        var chunks = Chunks(tasks).Count;
        var rows = MetaParameters.Flat.new_empty(chunks, MetaParameters.Flat.shape[0]);
        var losses = new double[chunks];
        ForEachChunk(tasks, chunk =>
        {
            using var mode = torch.enable_grad();
            var learned = MetaParameters.Tensors.Select(tensor => tensor.detach().requires_grad_()).ToArray();
            var (total, last) = MetaLoss(chunk, learned, iteration);
            // A rate of a step that did not happen, or of a layer that does not adapt, has no gradient.
            var gradients = Autograd.GradientsWhereUsed(total, learned)
                .Zip(learned, (gradient, tensor) => gradient ?? torch.zeros_like(tensor));
            losses[chunk.Index] = last.to(torch.float64).item<double>();
            _ = rows[chunk.Index].copy_(MetaParameters.Flatten([.. gradients]));
        });
        var mean = rows.sum([0]).div_(tasks.Count);
        if (options.GradientClip is { } clip)
            _ = mean.clamp_(-clip, clip);
        return new MetaGradient(losses.Sum() / tasks.Count, mean.DetachFromDisposeScope(), Order);
    }

    /// <summary>The query loss of the adapted weights; with the multi-step loss, also of those on the way.</summary>
    private (torch.Tensor Total, torch.Tensor Last) MetaLoss(TaskChunk chunk, IReadOnlyList<torch.Tensor> learned, long iteration)
    {
        var inner = new Descent(this, chunk, learned, options.Order);
        torch.Tensor? total = null, last = null;
        foreach (var share in LossShares(iteration))
        {
            inner.Step();
            if (share == 0)
                continue;
            last = chunk.QueryLoss(inner.Weights, options.BatchNorm);
            var part = share == 1 ? last : last * share;
            total = total is null ? part : total + part;
        }

        return (total!, last!);
    }

    /// <summary>One inner step: each weight that adapts moves against the gradient of its task's support loss.</summary>
    /// <param name="chunk">The tasks.</param>
    /// <param name="weights">T x shape each.</param>
    /// <param name="learned">The initial weights, and rates where these are learned.</param>
    /// <param name="step">Its number, from 0.</param>
    /// <param name="order">What a later meta-gradient passes through; null where none follows, and nothing is
    /// kept from step to step.</param>
    private IReadOnlyList<torch.Tensor> InnerStep(
        TaskChunk chunk, IReadOnlyList<torch.Tensor> weights, IReadOnlyList<torch.Tensor> learned, int step, GradientOrder? order)
    {
        var adapting = Model.Weights.Index().Where(weight => Adapts(weight.Item)).ToList();
        var stepped = weights.ToArray();
        if (order is null)
        {
            foreach (var (index, _) in adapting)
                stepped[index] = weights[index].detach().requires_grad_();
        }

        var second = order == GradientOrder.Second;
        var loss = chunk.SupportLoss(stepped);
        var gradients = Autograd.Gradients(
            loss,
            [.. adapting.Select(weight => stepped[weight.Index])],
            createGraph: second,
            [.. adapting.Select(weight => weight.Item.Name)]);
        using var mode = torch.set_grad_enabled(order is not null);
        foreach (var ((index, _), gradient) in adapting.Zip(gradients))
            stepped[index] = Descended(index, stepped[index], gradient, learned, step);
        return stepped;
    }

    /// <summary>What each task starts from, T x shape each.</summary>
    /// <param name="chunk">The tasks.</param>
    /// <param name="initial">The initial weights, one for all.</param>
    private protected virtual IReadOnlyList<torch.Tensor> Start(TaskChunk chunk, IReadOnlyList<torch.Tensor> initial) =>
        chunk.Start(initial);

    /// <summary>Whether inner steps change this weight.</summary>
    private protected virtual bool Adapts(WeightShape weight) => true;

    /// <summary>A weight after its step: weight - rate x gradient.</summary>
    /// <param name="index">Which weight of the model.</param>
    /// <param name="weight">Its value for each task.</param>
    /// <param name="gradient">Of each task's support loss.</param>
    /// <param name="learned">The initial weights, and rates where these are learned.</param>
    /// <param name="step">Number of the step, from 0.</param>
    private protected virtual torch.Tensor Descended(
        int index, torch.Tensor weight, torch.Tensor gradient, IReadOnlyList<torch.Tensor> learned, int step) =>
        maml.LearnRates
            ? torch.addcmul(weight, gradient, learned[^1][Math.Min(step, maml.InnerSteps - 1)][Model.Weights[index].Layer], -1)
            : weight.add(gradient, -maml.InnerLearningRate);

    private protected override InnerLoop Begin(TaskChunk chunk) => new Descent(this, chunk, MetaParameters.Tensors, order: null);

    /// <summary>
    /// How much the query loss after each inner step counts: the last one alone, or at first equal shares, which move to the
    /// last in a straight line.
    /// </summary>
    private double[] LossShares(long iteration)
    {
        if (iteration >= maml.MultiStepLossIterations)
            return [.. Enumerable.Repeat(0.0, options.InnerSteps - 1), 1];
        var early = (1.0 - ((double)iteration / maml.MultiStepLossIterations)) / options.InnerSteps;
        return [.. Enumerable.Repeat(early, options.InnerSteps - 1), 1 - (early * (options.InnerSteps - 1))];
    }

    private static IReadOnlyList<WeightShape> Rates(IFunctionalModel model, MamlOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        return options.LearnRates ? [new(RatesName, [options.InnerSteps, model.Weights.Max(weight => weight.Layer) + 1], -1, false)] : [];
    }

    /// <summary>The inner loop of a chunk.</summary>
    private sealed class Descent(Maml learner, TaskChunk chunk, IReadOnlyList<torch.Tensor> learned, GradientOrder? order)
        : InnerLoop(learner.Start(chunk, [.. learned.Take(learner.Model.Weights.Count)]))
    {
        protected override IReadOnlyList<torch.Tensor> Updated(int step) => learner.InnerStep(chunk, Weights, learned, step, order);
    }
}
