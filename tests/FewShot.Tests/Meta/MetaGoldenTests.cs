using System.Text.Json;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>PyTorch's own numbers: see Golden/meta.py.</summary>
public class MetaGoldenTests
{
    private const double Tolerance = 1e-9;
    private static readonly JsonElement Golden = GoldenFile.Read("meta.json");

    [Theory]
    [InlineData("strided", GradientOrder.Second, null)]
    [InlineData("strided", GradientOrder.Second, 1)]
    [InlineData("strided", GradientOrder.First, null)]
    [InlineData("pooled", GradientOrder.Second, null)]
    [InlineData("pooled", GradientOrder.First, 1)]
    public void Should_EqualPyTorch_When_Conv4TakesOneStep(string name, GradientOrder order, int? chunk)
    {
        using var scope = torch.NewDisposeScope();
        var size = name == "strided" ? 7 : 8;
        var model = new Conv4(new Conv4Options
        {
            Size = size,
            Channels = 2,
            Filters = 4,
            Blocks = 2,
            Ways = 3,
            Downsampling = name == "strided" ? Conv4Downsampling.Stride : Conv4Downsampling.MaxPool,
        });
        using var initial = Weights(model);
        torch.Tensor Labels() => torch.arange(6).remainder(3).repeat(3, 1);
        using var tasks = new TaskBatch(
            Numbers("support", 1, 3, 6, 2, size, size), Labels(), Numbers("query", 1, 3, 6, 2, size, size), Labels());
        using var learner = new Maml(model, initial, new MamlOptions { Order = order, InnerLearningRate = 0.4, ChunkSize = chunk });
        using var found = learner.Gradient(tasks);
        var expected = Golden.GetProperty($"{name} {(order == GradientOrder.Second ? "second" : "first")}");
        Assert.Equal(expected.GetProperty("loss").GetDouble(), found.Loss, Tolerance);
        AssertClose(expected.Values<double>("gradient"), found.Gradient, model);
    }

    [Fact]
    public void Should_EqualPyTorch_When_AnMlpIsTrained()
    {
        using var scope = torch.NewDisposeScope();
        var model = new Mlp(1, 8, 1);
        using var initial = Weights(model);
        using var learner = new Maml(model, initial, new MamlOptions { InnerSteps = 5, InnerLearningRate = 0.02 });
        using var trainer = new MetaTrainer(
            learner, new Points(), options: new MetaTrainerOptions { LearningRate = 0.01, Iterations = 5, ReportEvery = 1 });
        _ = trainer.Run(null, null, TestContext.Current.CancellationToken);
        var expected = Golden.GetProperty("mlp");
        Assert.All(expected.Values<double>("losses").Zip(trainer.History), pair => Assert.Equal(pair.First, pair.Second.Loss, Tolerance));
        AssertClose(expected.Values<double>("weights"), learner.MetaParameters.Flat, model);
    }

    private static torch.Tensor Numbers(string name, double scale, params long[] shape) =>
        (Formula.Pixels(name, shape).to(torch.float64) / 127.5 - 1) * scale;

    private static ModelWeights Weights(IFunctionalModel model)
    {
        using var scope = torch.NewDisposeScope();
        var weights = new ModelWeights(model.Weights, torch.ScalarType.Float64);
        foreach (var (index, shape) in model.Weights.Index())
            _ = weights.Tensors[index].copy_(Numbers($"weight {index}", 0.4, [.. shape.Shape]));
        return weights;
    }

    private static void AssertClose(double[] expected, torch.Tensor flat, IFunctionalModel model)
    {
        var found = ModelWeights.Views(flat, model.Weights).SelectMany(part => part.contiguous().data<double>().ToArray()).ToArray();
        Assert.Equal(expected.Length, found.Length);
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, Tolerance));
    }

    private sealed class Points : ITaskSource
    {
        public string Identity => "points by formula";

        public TaskBatch Draw(long iteration)
        {
            torch.Tensor Set(string name) => Numbers(name, 3, 4, 5, 1);
            return new TaskBatch(Set("support x"), Set("support y"), Set("query x"), Set("query y"));
        }
    }
}
