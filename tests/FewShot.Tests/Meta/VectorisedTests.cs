using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

public class VectorisedTests
{
    [Theory]
    [InlineData("mlp", GradientOrder.Second, BatchNormMode.Transductive)]
    [InlineData("mlp", GradientOrder.First, BatchNormMode.Transductive)]
    [InlineData("strided", GradientOrder.Second, BatchNormMode.Transductive)]
    [InlineData("strided", GradientOrder.First, BatchNormMode.Inductive)]
    [InlineData("pooled", GradientOrder.Second, BatchNormMode.Inductive)]
    public void Should_EqualTheLoop_When_TasksAreBatched(string name, GradientOrder order, BatchNormMode mode)
    {
        foreach (var (dtype, tolerance) in new[] { (torch.ScalarType.Float64, 1e-10), (torch.ScalarType.Float32, 1e-5) })
        {
            var model = MetaTasks.Model(name);
            using var initial = MetaTasks.Weights(model, dtype: dtype);
            using var tasks = MetaTasks.For(model, tasks: 5, dtype: dtype);
            var options = new MamlOptions
            {
                Order = order,
                InnerSteps = 2,
                EvaluationSteps = 3,
                InnerLearningRate = 0.05,
                BatchNorm = mode,
            };
            using var loop = new Maml(model, initial, options with { ChunkSize = 1 });
            using var expected = loop.Gradient(tasks);
            var evaluated = loop.Evaluate(tasks);
            foreach (int? chunk in new int?[] { null, 2, 5 })
            {
                using var batched = new Maml(model, initial, options with { ChunkSize = chunk });
                using var found = batched.Gradient(tasks);
                Assert.Equal(order, found.Order);
                Assert.InRange(MetaTasks.RelativeDifference(found.Gradient, expected.Gradient), 0, tolerance);
                Assert.InRange(Math.Abs(found.Loss / expected.Loss - 1), 0, tolerance);
                var result = batched.Evaluate(tasks);
                for (var step = 0; step <= 3; step++)
                    Assert.All(
                        result.Losses[step].Zip(evaluated.Losses[step]),
                        pair => Assert.InRange(Math.Abs(pair.First / pair.Second - 1), 0, tolerance));
            }
        }
    }
}
