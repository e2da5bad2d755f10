using FewShot.Metric;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Metric;

public class InductiveTests
{
    public static TheoryData<string> Learners => [.. MetricTasks.Learners.Select(row => row.Data), "Baseline", "BaselinePlusPlus"];

    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_AnswerTheSame_When_QueriesAreAskedOneAtATime(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Trained(name);
        using var tasks = MetricTasks.Tasks();
        var together = learner.Predict(tasks, BatchNormMode.Inductive);
        Assert.Equal([3, 5, MetricTasks.Ways], together.shape);
        var alone = torch.cat([.. Enumerable.Range(0, tasks.QueryCount).Select(query =>
        {
            using var one = MetricTasks.Alone(tasks, query);
            return learner.Predict(one);
        })], 1);
        Assert.InRange(MetaTasks.RelativeDifference(alone, together), 0, 1e-10);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_AnswerTheSame_When_TasksAreAskedOneAtATime(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Trained(name);
        using var tasks = MetricTasks.Tasks();
        var alone = torch.cat([.. Enumerable.Range(0, tasks.Count).Select(task =>
        {
            using var one = tasks.Slice(task, 1);
            return learner.Predict(one);
        })]);
        Assert.InRange(MetaTasks.RelativeDifference(alone, learner.Predict(tasks)), 0, 1e-10);
    }

    /// <summary>More images than pass through the network together.</summary>
    [Fact]
    public void Should_AnswerTheSame_When_TheBatchIsCut()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Trained("Euclidean");
        using var many = MetricTasks.Tasks(query: 150);
        using var few = MetricTasks.Alone(many, 149);
        Assert.InRange(
            MetaTasks.RelativeDifference(learner.Predict(many).narrow(1, 149, 1), learner.Predict(few)), 0, 1e-10);
    }

    [Fact]
    public void Should_NormaliseWithTheBatch_When_Training()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Trained("Euclidean");
        using var tasks = MetricTasks.Tasks();
        using var gradient = learner.Gradient(tasks);
        Assert.NotEqual(learner.Evaluate(tasks).Loss(0), gradient.Loss, 1e-6);
    }

    [Fact]
    public void Should_Refuse_When_TransductiveAnswersAreAskedFor()
    {
        using var learner = MetricTasks.Learner("Euclidean");
        using var tasks = MetricTasks.Tasks();
        Assert.Contains(
            "answers each query by itself",
            Assert.Throws<FewShotException>(() => learner.Predict(tasks, BatchNormMode.Transductive)).Message,
            StringComparison.Ordinal);
    }

    /// <summary>A learner whose running averages are those of some images, and not mean 0 and variance 1.</summary>
    private static MetricLearner Trained(string name)
    {
        var learner = MetricTasks.Learner(name);
        using var scope = torch.NewDisposeScope();
        using var tasks = MetricTasks.Tasks(seed: 8);
        using var gradient = learner.Gradient(tasks);
        foreach (var (key, tensor) in gradient.State)
            _ = learner.State[key].copy_(tensor);
        return learner;
    }
}
