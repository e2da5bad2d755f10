using FewShot.Data;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class LabelSweepTests : IDisposable
{
    private static readonly LabelSweepOptions Options = new() { PerClass = [1, 4], Draws = 2 };

    private readonly ImageSet images = TinyImages.Make(30, classes: 3);

    public void Dispose() => images.Dispose();

    [Fact]
    public void Should_GiveEveryMethodAtEveryNumber_When_Run()
    {
        using var bank = Bank(0);
        var points = LabelSweep.Run(images, bank, bank, Options);
        Assert.Equal(
            [("nearest centroid", 1), ("nearest centroid", 4), ("logistic regression", 1), ("logistic regression", 4)],
            points.Select(point => (point.Method, point.PerClass)));
        Assert.All(points, point => Assert.Equal((2, 30L), (point.Accuracy.Count, point.Accuracy.ImageCount)));
    }

    [Fact]
    public void Should_BePerfect_When_FeaturesTellTheClass()
    {
        using var bank = Bank(0.01);
        Assert.All(LabelSweep.Run(images, bank, bank, Options), point => Assert.Equal(1, point.Accuracy.Mean));
    }

    [Fact]
    public void Should_GainFromLabels_When_FeaturesAreNoisy()
    {
        using var pool = Bank(1);
        using var test = Bank(1);
        var points = LabelSweep.Run(images, pool, test, new LabelSweepOptions { PerClass = [1, 8], Draws = 10 });
        Assert.All(points.GroupBy(point => point.Method), method =>
            Assert.True(
                method.Single(point => point.PerClass == 8).Accuracy.Mean
                    > method.Single(point => point.PerClass == 1).Accuracy.Mean + 0.05,
                method.Key));
    }

    [Fact]
    public void Should_GiveTheSameNumbers_When_RunAgain()
    {
        using var pool = Bank(1);
        using var test = Bank(1);
        IEnumerable<double> Means() => LabelSweep.Run(images, pool, test, Options).Select(point => point.Accuracy.Mean);
        Assert.Equal(Means(), Means());
    }

    [Fact]
    public void Should_SaySo_When_FeaturesAreOfOtherImages()
    {
        using var bank = Bank(0);
        using var part = bank.Select([0, 1, 2]);
        var error = Assert.Throws<FewShotException>(() => LabelSweep.Run(images, part, bank, Options));
        Assert.Contains("30 images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheClass_When_ItHasTooFewImages()
    {
        using var bank = Bank(0);
        var error = Assert.Throws<FewShotException>(() => LabelSweep.Run(images, bank, bank, Options with { PerClass = [11] }));
        Assert.Contains("class 0", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Run()
    {
        using var bank = Bank(0.1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = LabelSweep.Run(images, bank, bank, Options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>Features that are the class as a unit vector, plus noise.</summary>
    private FeatureBank Bank(double noise)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(++seeds, torch.CPU);
        var features = torch.nn.functional.one_hot(images.Labels, 3).to(torch.float32)
            + (noise * torch.randn([images.Count, 3], generator: generator));
        return new FeatureBank(
            "made up", features.unsqueeze(0).MoveToOuterDisposeScope(), images.Labels.clone().MoveToOuterDisposeScope(), images.ClassNames,
            new FeatureSource("data", "weights", "preprocessing", "image", "cpu"), isStandIn: false);
    }

    private ulong seeds;
}
