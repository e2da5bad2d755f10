using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>
/// Of a linear model the loss is quadratic, and the meta-gradient known: with A = I - rate x Hessian of the support loss, after K steps
/// it is A^K times the gradient of the query loss at the adapted weights.
/// </summary>
public class ClosedFormTests
{
    private const double Rate = 0.1;
    private const double Tolerance = 1e-10;
    private static readonly Mlp Model = new(3, 2);

    [Theory]
    [InlineData(1, null)]
    [InlineData(4, null)]
    [InlineData(4, 1)]
    public void Should_EqualTheFormula_When_LossIsQuadratic(int steps, int? chunk) =>
        Assert.InRange(Distance(steps, GradientOrder.Second, chunk, swap: false), 0, Tolerance);

    /// <summary>The comparison must detect a graph that is cut at the inner gradient.</summary>
    [Fact]
    public void Should_MissTheFormula_When_SecondOrderIsCut() => Assert.True(Distance(1, GradientOrder.First, null, swap: false) > 1e-3);

    [Fact]
    public void Should_MissTheFormula_When_SupportAndQueryAreSwapped() =>
        Assert.True(Distance(1, GradientOrder.Second, null, swap: true) > 1e-3);

    private static double Distance(int steps, GradientOrder order, int? chunk, bool swap)
    {
        using var scope = torch.NewDisposeScope();
        using var initial = MetaTasks.Weights(Model);
        using var tasks = MetaTasks.For(Model, tasks: 4);
        using var given = swap
            ? new TaskBatch(
                tasks.QueryInputs.clone(), tasks.QueryTargets.clone(), tasks.SupportInputs.clone(), tasks.SupportTargets.clone())
            : tasks.Slice(0, 4);
        using var learner = new Maml(
            Model, initial, new MamlOptions { InnerSteps = steps, InnerLearningRate = Rate, Order = order, ChunkSize = chunk });
        using var found = learner.Gradient(given);
        return MetaTasks.RelativeDifference(Matrix(learner.MetaParameters.Split(found.Gradient)), Formula(initial, tasks, steps));
    }

    /// <summary>Weight and bias as one matrix, whose rows are the inputs and, last, the bias.</summary>
    private static torch.Tensor Matrix(IReadOnlyList<torch.Tensor> weights) => torch.cat([weights[0].t(), weights[1].unsqueeze(0)]);

    private static torch.Tensor Formula(ModelWeights initial, TaskBatch tasks, int steps)
    {
        var sum = torch.zeros(4, 2, torch.float64);
        for (var task = 0; task < tasks.Count; task++)
        {
            var (x, y) = (Extended(tasks.SupportInputs[task]), tasks.SupportTargets[task]);
            var (queryX, queryY) = (Extended(tasks.QueryInputs[task]), tasks.QueryTargets[task]);
            var weights = Matrix(initial.Tensors);
            var contraction = torch.eye(4, dtype: torch.float64) - (x.t().mm(x) * (2 * Rate / y.numel()));
            for (var step = 0; step < steps; step++)
                weights = weights - (x.t().mm(x.mm(weights) - y) * (2 * Rate / y.numel()));
            var gradient = queryX.t().mm(queryX.mm(weights) - queryY) * (2.0 / queryY.numel());
            for (var step = 0; step < steps; step++)
                gradient = contraction.mm(gradient);
            sum = sum + gradient;
        }

        return sum / tasks.Count;
    }

    private static torch.Tensor Extended(torch.Tensor inputs) => torch.cat([inputs, torch.ones([inputs.shape[0], 1], torch.float64)], 1);
}
