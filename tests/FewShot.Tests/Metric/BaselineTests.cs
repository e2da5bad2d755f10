using FewShot.Metric;
using FewShot.Runtime;
using FewShot.Tests.Meta;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Tests.Metric;

public class BaselineTests
{
    /// <summary>One task after another, by TorchSharp's own optimiser and its own gradients.</summary>
    [Theory]
    [InlineData("Baseline")]
    [InlineData("BaselinePlusPlus")]
    public void Should_AnswerAsAClassifierOfEachTaskByItself_When_FittedTogether(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner(name);
        using var tasks = MetricTasks.Tasks();
        var found = learner.Predict(tasks);
        for (var task = 0; task < tasks.Count; task++)
        {
            var support = learner.Embed(tasks.SupportInputs[task]);
            var query = learner.Embed(tasks.QueryInputs[task]);
            var expected = OneByOne(name == "BaselinePlusPlus", support, tasks.SupportTargets[task], query);
            Assert.InRange(MetaTasks.RelativeDifference(found[task], expected), 0, 1e-9);
        }
    }

    [Fact]
    public void Should_LowerTheLoss_When_TrainedOnTheBaseClasses()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner("Baseline");
        using var tasks = MetricTasks.Tasks();
        using var before = learner.Gradient(tasks);
        _ = learner.MetaParameters.Flat.add_(before.Gradient, -0.1);
        using var after = learner.Gradient(tasks);
        Assert.True(after.Loss < before.Loss);
    }

    private static torch.Tensor OneByOne(bool cosine, torch.Tensor support, torch.Tensor labels, torch.Tensor query)
    {
        var (options, features) = (new BaselineOptions(), support.shape[1]);
        var random = new StableRandom(options.Seed, MetricTasks.Embedding.Weights.Count);
        var bound = 1 / Math.Sqrt(features);
        var first = Enumerable.Range(0, (int)(MetricTasks.Ways * features)).Select(_ => random.Uniform(-bound, bound)).ToArray();
        using var weight = new Parameter(torch.tensor(first, [MetricTasks.Ways, features]));
        using var bias = new Parameter(torch.zeros(MetricTasks.Ways, torch.float64));
        using var optimiser = torch.optim.SGD(
            cosine ? [weight] : [weight, bias], options.LearningRate, options.Momentum, dampening: 0.9, options.WeightDecay);
        torch.Tensor Scores(torch.Tensor vectors) => cosine
            ? torch.nn.functional.cosine_similarity(vectors.unsqueeze(1), weight.unsqueeze(0), 2) * 2
            : torch.nn.functional.linear(vectors, weight, bias);
        for (var step = 0; step < options.Steps; step++)
        {
            optimiser.zero_grad();
            torch.nn.functional.cross_entropy(Scores(support), labels).backward();
            _ = optimiser.step();
        }

        return Scores(query).detach();
    }
}
