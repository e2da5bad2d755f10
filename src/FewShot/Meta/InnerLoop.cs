using TorchSharp;

namespace FewShot.Meta;

/// <summary>The inner loop of one chunk of tasks: weights that change step by step.</summary>
/// <param name="initial">What the tasks start from, T x shape each.</param>
internal abstract class InnerLoop(IReadOnlyList<torch.Tensor> initial)
{
    /// <summary>The weights now, T x shape each.</summary>
    public IReadOnlyList<torch.Tensor> Weights { get; private set; } = initial;

    /// <summary>Steps done.</summary>
    public int Steps { get; private set; }

    /// <summary>Adapts by one step. What it makes goes with the enclosing dispose scope, but for what the weights need no longer.</summary>
    public void Step()
    {
        using var scope = torch.NewDisposeScope();
        using var gradient = torch.enable_grad();
        var before = Weights;
        Weights = Updated(Steps);
        foreach (var weight in Weights.Except(before, ReferenceEqualityComparer.Instance).Cast<torch.Tensor>())
            _ = weight.MoveToOuterDisposeScope();
        // The first ones belong to the learner, or share its memory. Where a graph needs the others, it holds them.
        if (Steps > 0)
        {
            foreach (var weight in before.Except(Weights, ReferenceEqualityComparer.Instance).Cast<torch.Tensor>())
                weight.Dispose();
        }

        Steps++;
    }

    /// <summary>The weights after one more step.</summary>
    /// <param name="step">Its number, from 0.</param>
    protected abstract IReadOnlyList<torch.Tensor> Updated(int step);
}
