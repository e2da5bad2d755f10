using TorchSharp;

namespace FewShot.Meta;

/// <summary>How gradient descent in the inner loop changes one weight.</summary>
/// <param name="index">Which weight of the model.</param>
/// <param name="weight">Its value for each task.</param>
/// <param name="gradient">Of each task's support loss.</param>
/// <param name="step">Number of the step, from 0.</param>
internal delegate torch.Tensor InnerUpdate(int index, torch.Tensor weight, torch.Tensor gradient, int step);

/// <summary>Gradient descent on the support loss: the inner loop of MAML and its family.</summary>
internal sealed class GradientLoop : InnerLoop
{
    private readonly TaskChunk chunk;
    private readonly IReadOnlyList<int> adapted;
    private readonly InnerUpdate update;
    private readonly GradientOrder? order;

    /// <param name="chunk">The tasks.</param>
    /// <param name="initial">Weights of the model, not yet one for each task.</param>
    /// <param name="adapted">Positions of the weights that change.</param>
    /// <param name="update">The step.</param>
    /// <param name="order">What a later meta-gradient passes through; null where there is none, and nothing is kept from step to step.</param>
    public GradientLoop(TaskChunk chunk, IReadOnlyList<torch.Tensor> initial, IReadOnlyList<int> adapted, InnerUpdate update, GradientOrder? order)
    {
        (this.chunk, this.adapted, this.update, this.order) = (chunk, adapted, update, order);
        Weights = chunk.Start(initial);
    }

    protected override IReadOnlyList<torch.Tensor> Updated(int step)
    {
        var weights = Weights.ToArray();
        var inputs = adapted.Select(index => order is null ? weights[index].detach().requires_grad_() : weights[index]).ToArray();
        foreach (var (position, index) in adapted.Index())
            weights[index] = inputs[position];
        var second = order == GradientOrder.Second;
        var gradients = torch.autograd.grad([chunk.SupportLoss(weights)], inputs, retain_graph: second, create_graph: second);
        using var mode = torch.set_grad_enabled(order is not null);
        foreach (var (position, index) in adapted.Index())
            weights[index] = update(index, inputs[position], second ? gradients[position] : gradients[position].detach(), step);
        return weights;
    }
}
