using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>What an inner step of each method changes, against plain autograd on one task after another.</summary>
public class InnerUpdateTests
{
    private const double Rate = 0.05, Tolerance = 1e-10;
    private const int Steps = 3;

    private static readonly MamlOptions Options = new() { InnerLearningRate = Rate, InnerSteps = 2 };

    [Fact]
    public void Should_MoveEveryWeightByTheOneRate_When_MethodIsMaml() =>
        AssertAdaptsLike((model, initial) => new Maml(model, initial, Options), (_, _, _) => torch.tensor(Rate, torch.float64));

    [Fact]
    public void Should_LeaveAllButTheHead_When_MethodIsAnil() =>
        AssertAdaptsLike(
            (model, initial) => new Anil(model, initial, new AnilOptions { InnerLearningRate = Rate, InnerSteps = 2 }),
            (learner, index, _) => torch.tensor(learner.Model.Weights[index].IsHead ? Rate : 0, torch.float64));

    [Fact]
    public void Should_MoveEachComponentByItsOwnRate_When_MethodIsMetaSgd() =>
        AssertAdaptsLike(
            (model, initial) => new MetaSgd(model, initial),
            (learner, index, _) => learner.MetaParameters["inner_rate." + learner.Model.Weights[index].Name]);

    [Fact]
    public void Should_MoveEachLayerByItsRateOfTheStep_When_RatesAreLearned() => AssertAdaptsLike(
        (model, initial) =>
        {
            var learner = new Maml(model, initial, Options with { LearnRates = true });
            _ = learner.MetaParameters["inner_rates"].copy_(torch.tensor(new[] { 0.01, 0.02, 0.03, 0.04, 0.05, 0.06 }, [2, 3]));
            return learner;
        },
        // Two steps are trained; a third goes on with the rates of the last.
        (learner, index, step) => torch.tensor(0.01 * ((3 * Math.Min(step, 1)) + learner.Model.Weights[index].Layer + 1), torch.float64));

    [Fact]
    public void Should_DrawFirstRatesBetweenTheBounds_When_MethodIsMetaSgd()
    {
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Model("mlp");
        using var initial = MetaTasks.Weights(model);
        using var learner = new MetaSgd(model, initial, new MetaSgdOptions { LowestInitialRate = 0.005, HighestInitialRate = 0.1 });
        var rates = learner.MetaParameters.Flat.narrow(0, initial.Flat.shape[0], initial.Flat.shape[0]);
        Assert.InRange(rates.min().item<double>(), 0.005, 0.02);
        Assert.InRange(rates.max().item<double>(), 0.085, 0.1);
    }

    private static void AssertAdaptsLike(
        Func<IFunctionalModel, ModelWeights, MetaLearner> make, Func<MetaLearner, int, int, torch.Tensor> rate)
    {
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Model("mlp");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var learner = make(model, initial);
        var found = learner.Adapt(tasks, Steps);
        for (var task = 0; task < tasks.Count; task++)
        {
            var weights = initial.Tensors.ToArray();
            for (var step = 0; step < Steps; step++)
            {
                var gradients = Gradients(model, weights, tasks, task);
                weights = [.. weights.Select((weight, index) => weight - (gradients[index] * rate(learner, index, step)))];
            }

            foreach (var (index, weight) in weights.Index())
                Assert.InRange((found[index][task] - weight).abs().max().item<double>(), 0, Tolerance);
        }
    }

    internal static torch.Tensor[] Gradients(IFunctionalModel model, IReadOnlyList<torch.Tensor> weights, TaskBatch tasks, int task)
    {
        var leaves = weights.Select(weight => weight.detach().requires_grad_()).ToArray();
        var output = model.Forward([.. leaves.Select(leaf => leaf.unsqueeze(0))], tasks.SupportInputs[task].unsqueeze(0)).squeeze(0);
        var loss = torch.nn.functional.mse_loss(output, tasks.SupportTargets[task]);
        return [.. torch.autograd.grad([loss], leaves)];
    }
}
