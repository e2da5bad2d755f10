using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>
/// Changes all that is learned by one meta-gradient. Adam is written out on one flat tensor: a few operations whatever the number of
/// layers, and running averages that a checkpoint can keep.
/// </summary>
internal sealed class OuterUpdate : IDisposable
{
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;
    private readonly OuterRule rule;
    private readonly Dictionary<string, torch.Tensor> state = new(StringComparer.Ordinal);

    public OuterUpdate(OuterRule rule, torch.Tensor flat)
    {
        this.rule = rule;
        if (rule is not (OuterRule.Adam or OuterRule.Step))
            throw new FewShotException($"Unknown rule: {rule}.");
        if (rule == OuterRule.Step)
            return;
        using var noGradient = torch.no_grad();
        state.Add("mean", torch.zeros_like(flat).DetachFromDisposeScope());
        state.Add("square", torch.zeros_like(flat).DetachFromDisposeScope());
    }

    /// <summary>Running averages by name.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> State => state;

    /// <param name="flat">What is learned, changed in place.</param>
    /// <param name="gradient">The meta-gradient.</param>
    /// <param name="rate">Learning rate of this step.</param>
    /// <param name="step">Number of this step, from 1.</param>
    public void Apply(torch.Tensor flat, torch.Tensor gradient, double rate, long step)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        if (rule == OuterRule.Step)
        {
            _ = flat.add_(gradient, -rate);
            return;
        }

        var (mean, square) = (state["mean"], state["square"]);
        _ = mean.mul_(Beta1).add_(gradient, 1 - Beta1);
        _ = square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
        var root = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
        _ = flat.addcdiv_(mean, root, -rate / (1 - Math.Pow(Beta1, step)));
    }

    public void Dispose()
    {
        foreach (var tensor in state.Values)
            tensor.Dispose();
    }
}
