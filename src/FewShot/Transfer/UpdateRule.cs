using FewShot.Runtime;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Transfer;

/// <summary>
/// Turns gradients into steps. It is written out here, and not taken from libtorch's optimisers, because its running averages must go
/// into a checkpoint and come back bit for bit, which those do not allow.
/// </summary>
internal abstract class UpdateRule : IDisposable
{
    private readonly Dictionary<string, torch.Tensor> state = new(StringComparer.Ordinal);

    /// <summary>Running averages by name, one shape with their parameter.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> State => state;

    public static UpdateRule Create(FineTuneRule rule, double weightDecay, IEnumerable<(string Name, Parameter Value)> parameters)
    {
        UpdateRule created = rule switch
        {
            FineTuneRule.AdamW => new AdamWRule(weightDecay),
            FineTuneRule.Momentum => new MomentumRule(weightDecay),
            _ => throw new FewShotException($"Unknown rule: {rule}."),
        };
        using var noGradient = torch.no_grad();
        foreach (var (name, value) in parameters)
        {
            foreach (var average in created.Averages)
                created.state.Add($"{average} {name}", torch.zeros_like(value).DetachFromDisposeScope());
        }

        return created;
    }

    /// <summary>Changes one parameter in place.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="parameter">Its value.</param>
    /// <param name="gradient">Its gradient.</param>
    /// <param name="rate">The learning rate of this step.</param>
    /// <param name="step">Number of this step, from 1.</param>
    public abstract void Apply(string name, torch.Tensor parameter, torch.Tensor gradient, double rate, long step);

    public void Dispose()
    {
        foreach (var tensor in state.Values)
            tensor.Dispose();
    }

    protected abstract IReadOnlyList<string> Averages { get; }

    /// <summary>PyTorch's SGD: velocity = 0.9 velocity + gradient + decay x parameter; parameter -= rate x velocity.</summary>
    private sealed class MomentumRule(double weightDecay) : UpdateRule
    {
        private const double Momentum = 0.9;

        protected override IReadOnlyList<string> Averages => ["velocity"];

        public override void Apply(string name, torch.Tensor parameter, torch.Tensor gradient, double rate, long step)
        {
            var velocity = State[$"velocity {name}"];
            _ = velocity.mul_(Momentum).add_(gradient).add_(parameter, weightDecay);
            _ = parameter.add_(velocity, -rate);
        }
    }

    /// <summary>Loshchilov and Hutter 2019, algorithm 2, with the usual constants.</summary>
    private sealed class AdamWRule(double weightDecay) : UpdateRule
    {
        private const double Beta1 = 0.9;
        private const double Beta2 = 0.999;
        private const double Epsilon = 1e-8;

        protected override IReadOnlyList<string> Averages => ["mean", "square"];

        public override void Apply(string name, torch.Tensor parameter, torch.Tensor gradient, double rate, long step)
        {
            using var scope = torch.NewDisposeScope();
            var (mean, square) = (State[$"mean {name}"], State[$"square {name}"]);
            _ = parameter.mul_(1 - (rate * weightDecay));
            _ = mean.mul_(Beta1).add_(gradient, 1 - Beta1);
            _ = square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            var root = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
            _ = parameter.addcdiv_(mean, root, -rate / (1 - Math.Pow(Beta1, step)));
        }
    }
}
