using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class ExampleCurveTests : IDisposable
{
    private readonly IDisposable scope;

    public ExampleCurveTests()
    {
        Torch.Load();
        scope = torch.NewDisposeScope();
    }

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_Rise_When_PhotosAreNoisy()
    {
        var curve = Measure(perClass: 20, noise: 1.5);
        Assert.Equal([1, 2, 3, 5, 8, 10, 16], curve.Points.Select(point => point.PerClass));
        Assert.True(curve.Points[^1].Accuracy.Value > curve.Points[0].Accuracy.Value + 0.1, curve.ToString());
        Assert.All(curve.Points, point => Assert.InRange(point.Accuracy.Value, point.Accuracy.Low, point.Accuracy.High));
        Assert.Equal(curve.Gain!.Value.Low > 0, curve.ToString().Contains("more photos help", StringComparison.Ordinal));
    }

    [Fact]
    public void Should_SayThatMoreHardlyHelp_When_AllIsRightAlready() =>
        Assert.Contains("will hardly help", Measure(perClass: 5, noise: 0.01).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Should_JudgeByPhotosHeldOut_When_LabelsMeanNothing()
    {
        var curve = Measure(perClass: 12, noise: 1e6);
        Assert.All(curve.Points, point => Assert.InRange(point.Accuracy.Value, 0.3, 0.7));
        Assert.Contains("too few to tell", curve.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_BeTheSame_When_TheSeedIs() =>
        Assert.Equal(Measure(perClass: 5, noise: 3).ToString(), Measure(perClass: 5, noise: 3).ToString());

    [Fact]
    public void Should_SayWhatIsMissing_When_AClassHasOnePhoto()
    {
        var error = Assert.Throws<FewShotException>(() => Measure(perClass: 1, noise: 1));
        Assert.Contains("at least two photos of each class", error.Message, StringComparison.Ordinal);
    }

    /// <summary>Two classes around two points of 20 dimensions.</summary>
    private static ExampleCurve Measure(int perClass, double noise)
    {
        using var generator = new torch.Generator(4, torch.CPU);
        long[] labels = [.. Enumerable.Range(0, 2 * perClass).Select(i => (long)(i % 2))];
        var features = torch.randn([2 * perClass, 20], generator: generator) * noise;
        features += torch.tensor(labels).unsqueeze(1);
        return ExampleCurve.Measure(features, labels, new ClassifierOptions(), draws: 4, seed: 0, ProgressSink.Current);
    }
}
