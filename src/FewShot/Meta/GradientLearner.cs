using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// The part that MAML, ANIL and Meta-SGD share: inner steps of gradient descent, and the gradient of the query loss with respect to what
/// they started from.
/// </summary>
public abstract class GradientLearner : MetaLearner
{
    private readonly IReadOnlyList<int> adapted;

    private protected GradientLearner(IFunctionalModel model, ModelWeights initial, IReadOnlyList<WeightShape> extra, GradientOrder order, Func<WeightShape, bool> adapts, MetaSettings settings)
        : base(model, initial, extra, settings)
    {
        Order = MetaSettings.Differentiable(order);
        adapted = [.. model.Weights.Index().Where(entry => adapts(entry.Item)).Select(entry => entry.Index)];
    }

    /// <inheritdoc/>
    public override GradientOrder Order { get; }

    /// <inheritdoc/>
    public override MetaGradient Gradient(TaskBatch tasks, long iteration = 0)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        using var scope = torch.NewDisposeScope();
        // A row for each chunk: their sum does not depend on which thread was done first.
        var chunks = Chunks(tasks).Count;
        var rows = Learned.Flat.new_empty(chunks, Learned.Flat.shape[0]);
        var losses = new double[chunks];
        var shares = LossShares(iteration);
        ForEachChunk(tasks, chunk =>
        {
            var (loss, gradient) = Gradient(chunk, shares);
            losses[chunk.Index] = loss;
            _ = rows[chunk.Index].copy_(gradient);
        });
        var mean = rows.sum([0]).div_(tasks.Count);
        if (Settings.GradientClip is { } clip)
            _ = mean.clamp_(-clip, clip);
        return new MetaGradient(losses.Sum() / tasks.Count, mean.DetachFromDisposeScope(), Order);
    }

    /// <summary>How much the query loss after each inner step counts in training; the shares add up to 1.</summary>
    private protected virtual double[] LossShares(long iteration) => [.. Enumerable.Repeat(0.0, Settings.InnerSteps - 1), 1];

    /// <summary>The step of a weight, from all that is learned.</summary>
    private protected abstract InnerUpdate Update(TaskChunk chunk, IReadOnlyList<torch.Tensor> learned);

    private protected override InnerLoop Begin(TaskChunk chunk) => Begin(chunk, Learned.Tensors, null);

    private GradientLoop Begin(TaskChunk chunk, IReadOnlyList<torch.Tensor> learned, GradientOrder? order) =>
        new(chunk, [.. learned.Take(Model.Weights.Count)], adapted, Update(chunk, learned), order);

    private (double Loss, torch.Tensor Gradient) Gradient(TaskChunk chunk, double[] shares)
    {
        using var mode = torch.enable_grad();
        var leaves = Learned.Tensors.Select(tensor => tensor.detach().requires_grad_()).ToArray();
        var loop = Begin(chunk, leaves, Order);
        torch.Tensor? total = null, loss = null;
        foreach (var share in shares)
        {
            loop.Step();
            if (share == 0)
                continue;
            loss = chunk.QueryLoss(loop.Weights, Settings.BatchNorm);
            var part = share == 1 ? loss : loss * share;
            total = total is null ? part : total + part;
        }

        var gradients = torch.autograd.grad([total!], leaves, allow_unused: true);
        // A rate of a step that did not happen, or of a layer that does not adapt, has none.
        var whole = gradients.Select((gradient, index) => gradient is null || gradient.IsInvalid ? torch.zeros_like(leaves[index]) : gradient).ToArray();
        return (loss!.to(torch.float64).item<double>(), Learned.Flatten(whole));
    }
}
