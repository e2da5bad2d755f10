using FewShot.Episodes;
using FewShot.Metric;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Metric;

/// <summary>One task of vectors with two numbers, small enough to work out by hand.</summary>
public class ClosedFormTests
{
    private const double Tolerance = 1e-12;
    private static readonly PixelEmbedding Pixels = new();

    /// <summary>
    /// Class 0 has the supports (0, 0) and (2, 0), class 1 has (0, 3): the prototypes are (1, 0) and (0, 3). The query (1, 1) is at squared
    /// distances 1 and 5.
    /// </summary>
    [Fact]
    public void Should_ScoreByTheSquaredDistanceToTheMean_When_Euclidean()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = Tasks();
        using var initial = Pixels.Initial(0, torch.ScalarType.Float64);
        using var learner = new ProtoNet(Pixels, initial);
        AssertScores(learner, tasks, -1, -5);
        var result = learner.Evaluate(tasks);
        Assert.Equal(Math.Log(1 + Math.Exp(-4)), result.Loss(0), Tolerance);
        Assert.Equal(1, result.Accuracy(0));
    }

    /// <summary>With a factor f before the vectors the loss is log(1 + exp(-4 f^2)): its derivative at 1 is -8 / (1 + exp(4)).</summary>
    [Fact]
    public void Should_HaveTheDerivativeOfTheLoss_When_TheEmbeddingIsAFactor()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = Tasks();
        using var initial = Pixels.Initial(0, torch.ScalarType.Float64);
        using var learner = new ProtoNet(Pixels, initial);
        using var gradient = learner.Gradient(tasks);
        Assert.Equal(Math.Log(1 + Math.Exp(-4)), gradient.Loss, Tolerance);
        Assert.Equal(-8 / (1 + Math.Exp(4)), gradient.Gradient.item<double>(), Tolerance);
    }

    /// <summary>The cosines are 1 / sqrt(2) with both, times the first factor of 10.</summary>
    [Fact]
    public void Should_ScoreByTheAngle_When_Cosine()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = Tasks();
        using var initial = Pixels.Initial(0, torch.ScalarType.Float64);
        using var learner = new ProtoNet(Pixels, initial, Distance.Cosine);
        AssertScores(learner, tasks, 10 / Math.Sqrt(2), 10 / Math.Sqrt(2));
    }

    /// <summary>The cosines with the supports are 0 (with the zero vector), 1 / sqrt(2) and 1 / sqrt(2).</summary>
    [Fact]
    public void Should_AddTheAttentionOfEachClass_When_Matching()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = Tasks();
        using var initial = Pixels.Initial(0, torch.ScalarType.Float64);
        using var learner = new MatchingNetwork(Pixels, initial);
        var share = Math.Exp(1 / Math.Sqrt(2));
        AssertScores(learner, tasks, Math.Log((1 + share) / (1 + (2 * share))), Math.Log(share / (1 + (2 * share))));
    }

    /// <summary>
    /// With a ridge of strength 1 the two directions are solved apart: 2 / (4 + 1) for class 0 along x, 3 / (9 + 1) for class 1 along y.
    /// </summary>
    [Fact]
    public void Should_ScoreByTheRidge_When_R2D2()
    {
        using var scope = torch.NewDisposeScope();
        using var tasks = Tasks();
        using var initial = Pixels.Initial(0, torch.ScalarType.Float64);
        using var learner = new R2D2(Pixels, initial);
        AssertScores(learner, tasks, 0.4, 0.3);
    }

    [Fact]
    public void Should_RefuseADistanceThatIsNone_When_Built()
    {
        using var initial = Pixels.Initial(0);
        Assert.Contains(
            "no distance 7",
            Assert.Throws<FewShotException>(() => new ProtoNet(Pixels, initial, (Distance)7)).Message,
            StringComparison.Ordinal);
    }

    private static TaskBatch Tasks() => new(
        torch.tensor(new double[] { 0, 0, 2, 0, 0, 3 }, [1, 3, 2, 1, 1]),
        torch.tensor(new long[] { 0, 0, 1 }, [1, 3]),
        torch.tensor(new double[] { 1, 1 }, [1, 1, 2, 1, 1]),
        torch.tensor(new long[] { 0 }, [1, 1]));

    private static void AssertScores(MetricLearner learner, TaskBatch tasks, params double[] expected)
    {
        var found = learner.Predict(tasks);
        Assert.Equal([1, 1, 2], found.shape);
        Assert.All(expected.Zip(found.data<double>()), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }
}
