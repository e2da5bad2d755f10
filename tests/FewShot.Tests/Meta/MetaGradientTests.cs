using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Meta;

public class MetaGradientTests
{
    /// <summary>
    /// Each difference comes from adapting anew with slightly other weights; nothing in it uses a derivative of second order.
    /// </summary>
    [Theory]
    [InlineData("linear", 1, BatchNormMode.Transductive)]
    [InlineData("mlp", 1, BatchNormMode.Transductive)]
    [InlineData("mlp", 5, BatchNormMode.Transductive)]
    [InlineData("strided", 1, BatchNormMode.Transductive)]
    [InlineData("strided", 3, BatchNormMode.Inductive)]
    [InlineData("strided", 5, BatchNormMode.Inductive)]
    [InlineData("pooled", 2, BatchNormMode.Transductive)]
    [InlineData("pooled", 1, BatchNormMode.Inductive)]
    public void Should_EqualCentralDifferences_When_OrderIsSecond(string name, int steps, BatchNormMode mode)
    {
        var model = MetaTasks.Model(name);
        using var initial = MetaTasks.Weights(model);
        using var learner = new Maml(
            model,
            initial,
            new MamlOptions { InnerSteps = steps, EvaluationSteps = steps, InnerLearningRate = 0.05, BatchNorm = mode });
        using var tasks = MetaTasks.For(model);
        AssertEqualsDifferences(learner, tasks);
    }

    [Fact]
    public void Should_EqualCentralDifferences_When_RatesAreLearned()
    {
        var model = MetaTasks.Model("strided");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var layered = new Maml(
            model, initial, new MamlOptions { InnerSteps = 2, EvaluationSteps = 2, InnerLearningRate = 0.05, LearnRates = true });
        AssertEqualsDifferences(layered, tasks);
        using var single = new MetaSgd(model, initial, new MetaSgdOptions { InnerSteps = 2, EvaluationSteps = 2 });
        AssertEqualsDifferences(single, tasks);
    }

    [Fact]
    public void Should_EqualCentralDifferences_When_OnlyTheHeadAdapts()
    {
        var model = MetaTasks.Model("strided");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var learner = new Anil(model, initial, new AnilOptions { InnerSteps = 2, EvaluationSteps = 2, InnerLearningRate = 0.05 });
        AssertEqualsDifferences(learner, tasks);
    }

    private static void AssertEqualsDifferences(MetaLearner learner, TaskBatch tasks)
    {
        const double step = 1e-6;
        using var scope = torch.NewDisposeScope();
        using var gradient = learner.Gradient(tasks);
        var found = gradient.Gradient.data<double>().ToArray();
        var flat = learner.MetaParameters.Flat;
        var scale = found.Max(Math.Abs);
        // Some sixty components are checked, spread evenly over all layers.
        for (var i = 0; i < found.Length; i += Math.Max(1, found.Length / 60))
        {
            var value = flat[i].item<double>();
            double Loss(double shifted)
            {
                using var noGradient = torch.no_grad();
                _ = flat[i].fill_(shifted);
                var result = learner.Evaluate(tasks);
                _ = flat[i].fill_(value);
                return result.Loss(result.Steps);
            }

            var expected = (Loss(value + step) - Loss(value - step)) / (2 * step);
            Assert.True(
                Math.Abs(found[i] - expected) <= 1e-6 * scale,
                $"Component {i} is {found[i]}, by differences {expected}; the largest is {scale}.");
        }
    }
}
