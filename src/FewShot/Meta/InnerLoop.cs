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

    /// <summary>
    /// Adapts by one step. The new weights belong to the enclosing dispose scope; those of an earlier step that they replace are freed.
    /// </summary>
    public void Step()
    {
        using var scope = torch.NewDisposeScope();
        using var gradient = torch.enable_grad();
        var before = Weights;
        Weights = Updated(Steps);
        foreach (var weight in Weights.Except(before, ReferenceEqualityComparer.Instance).Cast<torch.Tensor>())
            _ = weight.MoveToOuterDisposeScope();
        // The weights before the first step belong to the learner, or share its memory, and are left alone. Later ones are freed: a graph
        // that still needs them holds them itself.
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
