using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Runtime;

/// <summary>
/// One of TorchSharp's optimizers, whose running averages have names: a checkpoint keeps them, and a resumed run goes on bit for bit.
/// </summary>
internal sealed class ResumableOptimizer : IDisposable
{
    private const double SgdMomentum = 0.9;
    private readonly OptimizerHelper optimizer;
    private readonly IReadOnlyList<OptimizerState> states;
    private readonly Dictionary<string, torch.Tensor> averages = new(StringComparer.Ordinal);

    private ResumableOptimizer(OptimizerHelper optimizer, IReadOnlyList<TrainedParameter> parameters)
    {
        this.optimizer = optimizer;
        states = optimizer.state_dict().State;
        foreach (var (name, state) in parameters.Select(parameter => parameter.Name).Zip(states))
        {
            switch (state)
            {
                case Adam.State adam:
                    averages.Add($"mean {name}", adam.exp_avg);
                    averages.Add($"square {name}", adam.exp_avg_sq);
                    break;
                case AdamW.State adam:
                    averages.Add($"mean {name}", adam.exp_avg);
                    averages.Add($"square {name}", adam.exp_avg_sq);
                    break;
                case SGD.State { momentum_buffer: { } velocity }:
                    averages.Add($"velocity {name}", velocity);
                    break;
            }
        }
    }

    /// <summary>Running averages by kind and parameter ("mean conv1.weight"), shaped as their parameter; empty for plain descent.</summary>
    public IReadOnlyDictionary<string, torch.Tensor> Averages => averages;

    /// <summary>Adam (Kingma and Ba 2015) with the usual constants.</summary>
    public static ResumableOptimizer Adam(IReadOnlyList<TrainedParameter> parameters) =>
        new(torch.optim.Adam(parameters.Select(p => new Adam.ParamGroup([p.Value], p.LearningRate))), parameters);

    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019) and the usual constants.</summary>
    public static ResumableOptimizer AdamW(IReadOnlyList<TrainedParameter> parameters, double weightDecay) =>
        new(
            torch.optim.AdamW(parameters.Select(p => new AdamW.ParamGroup([p.Value], p.LearningRate, weight_decay: weightDecay))),
            parameters);

    /// <summary>Stochastic gradient descent without momentum.</summary>
    public static ResumableOptimizer Sgd(IReadOnlyList<TrainedParameter> parameters) =>
        new(torch.optim.SGD(parameters.Select(p => new SGD.ParamGroup([p.Value], p.LearningRate)), 0), parameters);

    /// <summary>Stochastic gradient descent with momentum 0.9; the weight decay is part of the gradient.</summary>
    public static ResumableOptimizer MomentumSgd(IReadOnlyList<TrainedParameter> parameters, double weightDecay)
    {
        var groups = parameters.Select(p => new SGD.ParamGroup([p.Value], p.LearningRate, SgdMomentum, weight_decay: weightDecay));
        var optimizer = torch.optim.SGD(groups, 0);
        // TorchSharp would make these at the first step, too late for a checkpoint that is read before it.
        foreach (var (state, parameter) in optimizer.state_dict().State.Cast<SGD.State>().Zip(parameters))
            state.momentum_buffer = torch.zeros_like(parameter.Value, requires_grad: false).DetachFromDisposeScope();
        return new(optimizer, parameters);
    }

    /// <summary>Changes the parameters in place by their gradients, which stay.</summary>
    /// <param name="share">The share of each parameter's learning rate that counts in this step.</param>
    public void Step(double share)
    {
        foreach (var group in optimizer.ParamGroups)
            group.LearningRate = group.InitialLearningRate * share;
        _ = optimizer.step();
    }

    /// <summary>Goes on after so many steps; the averages are to be filled by the caller.</summary>
    public void Resume(long steps)
    {
        foreach (var state in states)
        {
            if (state is Adam.State adam)
                adam.step = steps;
            if (state is AdamW.State decayed)
                decayed.step = steps;
        }
    }

    public void Dispose() => optimizer.Dispose();
}

/// <summary>A parameter that an optimizer changes.</summary>
/// <param name="Name">Its name in a checkpoint.</param>
/// <param name="Value">The parameter.</param>
/// <param name="LearningRate">Its full learning rate.</param>
internal sealed record TrainedParameter(string Name, Parameter Value, double LearningRate);
