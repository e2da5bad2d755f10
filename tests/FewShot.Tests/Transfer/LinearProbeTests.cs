using FewShot.Runtime;
using FewShot.Tests.Heads;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public class LinearProbeTests
{
    [Fact]
    public void Should_EqualPyTorch_When_StartAndOrderAreTheSame()
    {
        // The expected numbers come from Golden/linear_classifiers.py.
        using var scope = torch.NewDisposeScope();
        using var result = LinearProbe.Train(
            Formulas.Features(20, 4).to(torch.float32), Formulas.Labels(20, 3), 3, new() { Epochs = 3, BatchSize = 8, Seed = 5 });
        Assert.Equal([0.9264085233211518, 0.9227357506752014, 0.9198885083198547], result.LossPerEpoch, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.True(Formulas.LargestDifference(
            result.Head.Weight,
            0.33527547121047974, -0.367167592048645, 0.4025069773197174, 0.31429487466812134,
            0.4278165102005005, -0.39107027649879456, -0.3352649211883545, 0.246230810880661,
            -0.47544172406196594, 0.492265909910202, 0.1134977638721466, 0.05639895424246788) < 1e-6);
        Assert.True(Formulas.LargestDifference(result.Head.Bias, -0.4211908280849457, 0.1576426923274994, 0.20764431357383728) < 1e-6);
    }

    [Fact]
    public void Should_SeparateClasses_When_TrainedLongEnough()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        using var result = LinearProbe.Train(features, labels, 2, new() { Epochs = 30, LearningRate = 0.05 });
        Assert.True(result.Head.Scores(features).argmax(1).eq(labels).all().item<bool>());
        Assert.True(result.LossPerEpoch[^1] < 0.1 * result.LossPerEpoch[0]);
    }

    [Fact]
    public void Should_TrainAllTheSame_When_GradientsAreSwitchedOff()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        using var expected = LinearProbe.Train(features, labels, 2);
        using var noGradient = torch.no_grad();
        using var found = LinearProbe.Train(features, labels, 2);
        Assert.Equal(expected.LossPerEpoch, found.LossPerEpoch);
    }

    [Fact]
    public void Should_SayHowToLeaveIt_When_InInferenceMode()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        using var inference = torch.inference_mode();
        Assert.Contains(
            "inference_mode",
            Assert.Throws<FewShotException>(() => LinearProbe.Train(features, labels, 2)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(torch.ScalarType.Float64)]
    [InlineData(torch.ScalarType.Float16)]
    public void Should_SayHowToConvert_When_FeaturesAreNoFloat32(torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        Assert.Contains(
            ".to(torch.float32)",
            Assert.Throws<FewShotException>(() => LinearProbe.Train(features.to(type), labels, 2)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Repeat_When_TheSeedIsTheSame()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        using var first = LinearProbe.Train(features, labels, 2, new() { Seed = 1 });
        _ = torch.rand(3); // Other draws from libtorch's own generator must not matter.
        using var again = LinearProbe.Train(features, labels, 2, new() { Seed = 1 });
        using var other = LinearProbe.Train(features, labels, 2, new() { Seed = 2 });
        Assert.Equal(first.LossPerEpoch, again.LossPerEpoch);
        Assert.NotEqual(first.LossPerEpoch, other.LossPerEpoch);
    }

    [Fact]
    public void Should_HoldBackItsCertainty_When_FeaturesAreMixed()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(new float[] { 1, 0, 1, 0, 0, 1, 0, 1 }, [4, 2]);
        var labels = torch.tensor(new long[] { 0, 0, 1, 1 });
        double Sure(LinearProbeOptions options)
        {
            using var probe = LinearProbe.Train(features, labels, 2, options);
            using var certainty = probe.Head.Scores(features).softmax(1).amax([1]).mean();
            return certainty.ToDouble();
        }

        var options = new LinearProbeOptions { Epochs = 200, LearningRate = 0.1 };

        Assert.True(Sure(options) > 0.99);
        Assert.InRange(Sure(options with { MixupAlpha = 1 }), 0.6, 0.99);
    }

    [Fact]
    public void Should_VisitEveryImageOnce_When_AnEpochIsCut()
    {
        var options = new LinearProbeOptions { BatchSize = 4 };
        var batches = LinearProbe.Batches(10, options, 0).ToList();
        Assert.Equal([4, 4, 2], batches.Select(batch => batch.Length));
        Assert.Equal(Enumerable.Range(0, 10).Select(i => (long)i), batches.SelectMany(batch => batch).Order());
        Assert.NotEqual(batches[0], LinearProbe.Batches(10, options, 1).First());
    }

    [Fact]
    public void Should_KeepOnlyTheHead_When_Trained()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        LinearProbe.Train(features, labels, 2).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0, 32, 1e-3)]
    [InlineData(10, 0, 1e-3)]
    [InlineData(10, 32, 0)]
    public void Should_Refuse_When_ASettingIsOutOfRange(int epochs, int batchSize, double rate)
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(2, 2);
        Assert.Throws<FewShotException>(
            () => LinearProbe.Train(features, labels, 2, new() { Epochs = epochs, BatchSize = batchSize, LearningRate = rate }));
    }
}
