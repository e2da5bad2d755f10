using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Metric;

public class MetricInputTests
{
    [Theory]
    [InlineData(new long[] { 0, 0, 2, 2 }, "some task lacks one of the 3 classes")]
    [InlineData(new long[] { 0, 0, 0, 0 }, "at least 2 ways")]
    [InlineData(new long[] { -1, 0, 1, 1 }, "labels from -1 to 1")]
    public void Should_NameTheLabels_When_TheSupportIsNotOneOfEveryClass(long[] labels, string because) =>
        Refused(because, torch.tensor(labels, [1, 4]), torch.tensor(new long[] { 0, 1 }, [1, 2]));

    [Fact]
    public void Should_NameTheLabels_When_AQueryIsOfAnotherClass()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner("Euclidean", torch.ScalarType.Float32);
        using var tasks = new TaskBatch(
            torch.zeros([1L, 2, 2, 7, 7]),
            torch.tensor(new long[] { 0, 1 }, [1, 2]),
            torch.zeros([1L, 1, 2, 7, 7]),
            torch.tensor(new long[] { 2 }, [1, 1]));
        foreach (var act in new Action[] { () => learner.Gradient(tasks), () => learner.Evaluate(tasks) })
            Assert.Contains("must lie in 0..1; found 2", Assert.Throws<FewShotException>(act).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatItTakes_When_TheImagesAreOthers()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner("Euclidean", torch.ScalarType.Float32);
        using var images = torch.zeros([3L, 1, 7, 7]);
        Assert.Contains(
            "takes images x 2 x 7 x 7; found [3, 1, 7, 7]",
            Assert.Throws<FewShotException>(() => learner.Embed(images)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatTypesDiffer_When_TheTasksAreOfAnother()
    {
        using var learner = MetricTasks.Learner("Euclidean");
        using var tasks = MetricTasks.Tasks(dtype: torch.ScalarType.Float32);
        Assert.Contains("must agree", Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatItTellsClassesApart_When_TheTargetsAreNumbers()
    {
        using var learner = MetricTasks.Learner("Euclidean");
        using var tasks = MetaTasks.For(new Mlp(3, 2));
        Assert.Contains(
            "tells classes apart",
            Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheLabels_When_ABaseClassIsBeyondTheLast()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner("Baseline", torch.ScalarType.Float32);
        using var tasks = new TaskBatch(
            torch.zeros([1L, 1, 2, 7, 7]),
            torch.tensor(new long[] { 3 }, [1, 1]),
            torch.zeros([1L, 1, 2, 7, 7]),
            torch.zeros(1, 1, dtype: torch.int64));
        Assert.Contains(
            "Baseline tells 3 classes apart",
            Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 0.01, 0.9, 0)]
    [InlineData(1, 0, 0.9, 0)]
    [InlineData(1, double.PositiveInfinity, 0.9, 0)]
    [InlineData(1, 0.01, 1, 0)]
    [InlineData(1, 0.01, 0.9, -1)]
    public void Should_NameTheSettings_When_OneIsOutOfRange(int steps, double rate, double momentum, double decay)
    {
        using var initial = MetricTasks.Embedding.Initial(0);
        var options = new BaselineOptions { Steps = steps, LearningRate = rate, Momentum = momentum, WeightDecay = decay };
        Assert.Contains(
            "Steps must be at least 1",
            Assert.Throws<FewShotException>(() => new Baseline(MetricTasks.Embedding, initial, 3, options)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatTheHeadMustBe_When_ProtoMamlCannotReplaceIt()
    {
        using var scope = torch.NewDisposeScope();
        var model = new Mlp(3, 2);
        using var initial = model.Initial(0);
        using var learner = new ProtoMaml(model, initial);
        using var tasks = MetaTasks.For(model, dtype: torch.ScalarType.Float32);
        Assert.Contains(
            "tells classes apart",
            Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhichClassLacks_When_ProtoMamlHasNoPrototype()
    {
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Strided();
        using var initial = model.Initial(0);
        using var learner = new ProtoMaml(model, initial);
        using var tasks = new TaskBatch(
            torch.zeros([1L, 2, 2, 7, 7]),
            torch.tensor(new long[] { 0, 1 }, [1, 2]),
            torch.zeros([1L, 1, 2, 7, 7]),
            torch.tensor(new long[] { 2 }, [1, 1]));
        Assert.Contains(
            "lacks one of the 3",
            Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 3, 16)]
    [InlineData(32, 0, 16)]
    [InlineData(32, 3, 0)]
    public void Should_SayWhatAResNet12Needs_When_ASizeIsWrong(int side, int channels, int width) => Assert.Contains(
        "A ResNet-12 needs",
        Assert.Throws<FewShotException>(() => new ResNet12(side, channels, [width, width, width, width])).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Should_HaveThePublishedNumberOfWeights_When_AResNet12IsBuilt() =>
        Assert.Equal(12_424_320, new ResNet12().Weights.Sum(weight => weight.Count));

    private static void Refused(string because, torch.Tensor supportLabels, torch.Tensor queryLabels)
    {
        using var scope = torch.NewDisposeScope();
        using var learner = MetricTasks.Learner("Euclidean", torch.ScalarType.Float32);
        using var tasks = new TaskBatch(torch.zeros([1L, 4, 2, 7, 7]), supportLabels, torch.zeros([1L, 2, 2, 7, 7]), queryLabels);
        foreach (var act in new Action[] { () => learner.Gradient(tasks), () => learner.Predict(tasks), () => learner.Evaluate(tasks) })
            Assert.Contains(because, Assert.Throws<FewShotException>(act).Message, StringComparison.Ordinal);
    }
}
