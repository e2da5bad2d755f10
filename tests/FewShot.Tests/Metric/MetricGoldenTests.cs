using System.Text.Json;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Models;
using FewShot.Tests.Golden;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Metric;

/// <summary>PyTorch's own numbers: see Golden/metric.py.</summary>
public class MetricGoldenTests
{
    private const double Tolerance = 1e-9;
    private static readonly JsonElement Golden = GoldenFile.Read("metric.json");

    public static TheoryData<string> Learners => MetricTasks.Learners;

    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_EqualPyTorch_When_OneMetaBatchIsDifferentiated(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Filled(name);
        using var tasks = Tasks();
        using var found = learner.Gradient(tasks);
        var expected = Golden.GetProperty(name);
        Assert.Equal(expected.GetProperty("loss").GetDouble(), found.Loss, Tolerance);
        AssertClose(expected.Values<double>("gradient"), found.Gradient);
    }

    [Fact]
    public void Should_EqualPyTorch_When_APrototypicalNetworkTakesThreeSteps()
    {
        using var scope = torch.NewDisposeScope();
        using var learner = Filled("Euclidean");
        using var trainer = new MetaTrainer(
            learner, new Same(), options: new MetaTrainerOptions { LearningRate = 0.01, Iterations = 3, ReportEvery = 1 });
        _ = trainer.Run(null, null, TestContext.Current.CancellationToken);
        var expected = Golden.GetProperty("training");
        Assert.All(expected.Values<double>("losses").Zip(trainer.History), pair => Assert.Equal(pair.First, pair.Second.Loss, Tolerance));
        AssertClose(expected.Values<double>("weights"), learner.MetaParameters.Flat);
        var running = MetricTasks.Embedding.NormLayers
            .SelectMany(layer => new[] { learner.State[layer.Mean], learner.State[layer.Variance] });
        AssertClose(expected.Values<double>("running"), torch.cat([.. running]));
    }

    [Theory]
    [InlineData(GradientOrder.Second)]
    [InlineData(GradientOrder.First)]
    public void Should_EqualPyTorch_When_ProtoMamlTakesOneStep(GradientOrder order)
    {
        using var scope = torch.NewDisposeScope();
        var model = MetaTasks.Strided();
        using var initial = new ModelWeights(model.Weights, torch.ScalarType.Float64);
        Fill(initial);
        using var tasks = Tasks();
        using var learner = new ProtoMaml(model, initial, new MamlOptions { Order = order, InnerLearningRate = 0.1, ChunkSize = 2 });
        using var found = learner.Gradient(tasks);
        var expected = Golden.GetProperty($"ProtoMaml {(order == GradientOrder.Second ? "second" : "first")}");
        Assert.Equal(expected.GetProperty("loss").GetDouble(), found.Loss, Tolerance);
        var body = model.Weights.Where(weight => !weight.IsHead).Sum(weight => weight.Count);
        AssertClose(expected.Values<double>("gradient"), found.Gradient.narrow(0, 0, body));
        Assert.Equal(0, found.Gradient.narrow(0, body, found.Gradient.shape[0] - body).abs().max().item<double>());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_EqualPyTorch_When_ImagesPassThroughASmallResNet12(bool training)
    {
        using var scope = torch.NewDisposeScope();
        var network = new ResNet12(9, 2, [3, 4, 5]);
        using var weights = new ModelWeights(network.Weights, torch.ScalarType.Float64);
        Fill(weights);
        var running = new Dictionary<string, torch.Tensor>();
        foreach (var (index, layer) in network.NormLayers.Index())
        {
            running[layer.Mean] = Numbers($"mean {index}", 0.5, layer.Channels);
            running[layer.Variance] = Numbers($"variance {index}", 0.5, layer.Channels) + 1;
        }

        var statistics = training ? NormStatistics.OfTheBatch(running) : NormStatistics.OfTraining(running);
        var found = network.Vectors(network.Maps(weights.Tensors, Numbers("images", 1, 4, 2, 9, 9), statistics));
        Assert.Equal([4, 5], found.shape);
        AssertClose(Golden.Values<double>($"ResNet12 {(training ? "training" : "evaluation")}"), found.flatten());
    }

    private static MetricLearner Filled(string name)
    {
        var learner = MetricTasks.Learner(name);
        Fill(learner.MetaParameters);
        return learner;
    }

    private static void Fill(ModelWeights weights)
    {
        using var scope = torch.NewDisposeScope();
        foreach (var (index, shape) in weights.Shapes.Index())
            _ = weights.Tensors[index].copy_(Numbers($"weight {index}", 0.4, [.. shape.Shape]));
    }

    private static TaskBatch Tasks()
    {
        torch.Tensor Labels() => torch.arange(6).remainder(3).repeat(3, 1);
        return new TaskBatch(Numbers("support", 1, 3, 6, 2, 7, 7), Labels(), Numbers("query", 1, 3, 6, 2, 7, 7), Labels());
    }

    private static torch.Tensor Numbers(string name, double scale, params long[] shape) =>
        (Formula.Pixels(name, shape).to(torch.float64) / 127.5 - 1) * scale;

    private static void AssertClose(double[] expected, torch.Tensor flat)
    {
        var found = flat.data<double>().ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private sealed class Same : ITaskSource
    {
        public string Identity => "one meta-batch by formula";

        public TaskBatch Draw(long iteration) => Tasks();
    }
}
