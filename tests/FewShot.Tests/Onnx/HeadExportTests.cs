using FewShot.Heads;
using FewShot.Onnx;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using Onnx;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class HeadExportTests : IDisposable
{
    private const int Count = 12;
    private const int Length = 7;
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    public static TheoryData<FeatureScaling> Scalings => [.. Enum.GetValues<FeatureScaling>()];

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Should_GiveTheHeadsScores_When_ItIsTheNearestCentroid(FeatureScaling scaling)
    {
        foreach (var metric in Enum.GetValues<CentroidMetric>())
        {
            using var head = NearestCentroid.Fit(Examples(0), Labels(), 3, new() { Metric = metric, Scaling = scaling });
            AssertSame(head);
        }
    }

    [Theory]
    [MemberData(nameof(Scalings))]
    public void Should_GiveTheHeadsScores_When_ItIsALogisticRegression(FeatureScaling scaling)
    {
        foreach (var squareRoot in new[] { true, false })
        {
            var options = new LogisticRegressionOptions { Scaling = scaling, SquareRoot = squareRoot, Strengths = [0.1] };
            using var head = LogisticRegression.Fit(Examples(0), Labels(), 3, options).Head;
            AssertSame(head);
        }
    }

    [Fact]
    public void Should_GiveTheHeadsScores_When_ItIsARidge()
    {
        using var head = RidgeHead.Fit(Examples(0), Labels(), 3);
        AssertSame(head);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Should_GiveTheHeadsScores_When_ItIsACosineHead(bool isCentred)
    {
        using var head = CosineHead.Train(Examples(0), Labels(), 3, isCentred: isCentred);
        AssertSame(head);
    }

    [Fact]
    public void Should_NameTheType_When_AHeadCannotBeExported()
    {
        using var head = new Constant();
        var error = Assert.Throws<FewShotException>(() => HeadLayers.Add(new OnnxGraph("head"), head, "features", "scores"));
        Assert.Contains(nameof(Constant), error.Message, StringComparison.Ordinal);
    }

    private void AssertSame(IHead head)
    {
        var path = folder.At("head.onnx");
        var graph = new OnnxGraph("head");
        var input = graph.Input("input", TensorProto.Types.DataType.Float, OnnxGraph.Any("N"), OnnxGraph.Exactly(Length));
        var scores = HeadLayers.Add(graph, head, input, "scores");
        graph.Output(scores, TensorProto.Types.DataType.Float, OnnxGraph.Any("N"), OnnxGraph.Exactly(3));
        graph.Write(path, "head", new Dictionary<string, string>());
        using var model = new OnnxModel(path);
        var others = Examples(1);
        Assert.InRange(Pictures.Difference(model.Run("scores", others), head.Scores(others)), 0, 1e-5);
    }

    /// <summary>Features of both signs about a mean that is not 0, of scales that differ.</summary>
    private static torch.Tensor Examples(int draw)
    {
        var values = Formula.Floats($"features {draw}", [Count, Length], value => (4 * value) - 1);
        return values * torch.arange(1, Length + 1).to(torch.float32);
    }

    private static torch.Tensor Labels() => torch.arange(Count, torch.int64).remainder(3);

    private sealed class Constant : IHead
    {
        public LabelledSpace Space => new();

        public torch.Tensor Scores(torch.Tensor features) => torch.zeros(features.shape[0], 2);

        public void Dispose()
        {
        }
    }
}
