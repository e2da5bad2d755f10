using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Meta;

public class GradientOrderTests
{
    [Theory]
    [InlineData("linear")]
    [InlineData("mlp")]
    [InlineData("strided")]
    public void Should_DifferFromSecondOrder_When_OrderIsFirst(string name)
    {
        var model = MetaTasks.Model(name);
        using var tasks = MetaTasks.For(model);
        using var first = Gradient(model, tasks, GradientOrder.First);
        using var second = Gradient(model, tasks, GradientOrder.Second);
        Assert.Equal(GradientOrder.First, first.Order);
        Assert.Equal(GradientOrder.Second, second.Order);
        Assert.Equal(second.Loss, first.Loss, 1e-12);
        Assert.True(MetaTasks.RelativeDifference(first.Gradient, second.Gradient) > 1e-2);
    }

    [Fact]
    public void Should_EqualSecondOrder_When_TheHessianVanishes()
    {
        using var scope = torch.NewDisposeScope();
        var model = new Root();
        using var tasks = new TaskBatch(
            torch.rand([2L, 4, 3], torch.float64),
            torch.zeros(2, 4, 1, torch.float64),
            torch.rand([2L, 5, 3], torch.float64),
            torch.rand([2L, 5, 1], torch.float64));
        using var first = Gradient(model, tasks, GradientOrder.First);
        using var second = Gradient(model, tasks, GradientOrder.Second);
        Assert.InRange(MetaTasks.RelativeDifference(first.Gradient, second.Gradient), 0, 1e-12);
        Assert.True(second.Gradient.abs().max().item<double>() > 1e-3);
    }

    [Fact]
    public void Should_NameTheOrders_When_AskedForNone()
    {
        var model = MetaTasks.Model("linear");
        using var initial = MetaTasks.Weights(model);
        var error = Assert.Throws<FewShotException>(() => new Maml(model, initial, new MamlOptions { Order = (GradientOrder)2 }));
        Assert.Contains("First or Second", error.Message, StringComparison.Ordinal);
    }

    private static MetaGradient Gradient(IFunctionalModel model, TaskBatch tasks, GradientOrder order)
    {
        using var initial = model is Root ? model.Initial(0, torch.ScalarType.Float64) : MetaTasks.Weights(model);
        using var learner = new Maml(model, initial, new MamlOptions { Order = order, InnerSteps = 2, InnerLearningRate = 0.1 });
        return learner.Gradient(tasks);
    }

    /// <summary>
    /// The root of a linear function: with targets 0 the squared error is linear in the weights, and has no second derivative.
    /// </summary>
    private sealed class Root : IFunctionalModel
    {
        public string Name => "root";

        public IReadOnlyList<WeightShape> Weights { get; } = [new("weight", [1, 3], 0, true)];

        public bool UsesBatchNorm => false;

        public long ValuesPerExample => 1;

        public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
        {
            var weights = new ModelWeights(Weights, dtype);
            _ = weights.Flat.fill_(2);
            return weights;
        }

        public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0) =>
            inputs.bmm(weights[0].transpose(1, 2)).sqrt();
    }
}
