using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class ArticleRecipeTests : IDisposable
{
    private static readonly ArticleRecipeOptions Options = new()
    {
        Epochs = 10,
        BatchSize = 8,
        LearningRate = 1e-3,
        Tries = 2,
        Preprocessing = new(16),
    };

    private readonly ImageSet train = TinyImages.Make(32, size: 16);
    private readonly ImageSet test = TinyImages.Make(24, size: 16, phase: 2);

    public void Dispose()
    {
        train.Dispose();
        test.Dispose();
    }

    [Fact]
    public void Should_LearnAndJudgeEveryTestImageThreeTimes_When_Run()
    {
        var result = Run(Options);
        Assert.Equal(Options.Epochs, result.LossPerEpoch.Count);
        Assert.True(
            result.LossPerEpoch.TakeLast(3).Average() < result.LossPerEpoch.Take(3).Average(), string.Join(", ", result.LossPerEpoch));
        Assert.Equal(test.LabelValues, result.Plain.Labels);
        Assert.All(result.Augmented, predictions => Assert.Equal(test.Count, predictions.Count));
    }

    [Fact]
    public void Should_JudgeTwiceDifferently_When_TheTestImagesAreAugmented()
    {
        var result = Run(Options);
        Assert.NotEqual(result.Augmented[0].Confidence, result.Augmented[1].Confidence);
        Assert.NotEqual(result.Augmented[0].Confidence, result.Plain.Confidence);
    }

    [Fact]
    public void Should_EndInTheSameNumbers_When_TheSeedIsTheSame()
    {
        var (one, again, other) = (Run(Options), Run(Options), Run(Options with { Seed = 1 }));
        Assert.Equal(one.LossPerEpoch, again.LossPerEpoch);
        Assert.Equal(one.Plain.Confidence, again.Plain.Confidence);
        Assert.Equal(one.Augmented[1].Confidence, again.Augmented[1].Confidence);
        Assert.NotEqual(one.LossPerEpoch, other.LossPerEpoch);
    }

    [Fact]
    public void Should_RecomputeTheFeaturesInEveryEpoch_When_Run()
    {
        using var backbone = new FakeExtractor();
        _ = ArticleRecipe.Run(backbone, train, test, Options);
        Assert.Equal((Options.Epochs * train.Count) + (3 * test.Count), backbone.Images);
        Assert.Equal(test.Count, backbone.LargestBatch);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Run()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = Run(Options);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private ArticleRecipeResult Run(ArticleRecipeOptions options)
    {
        using var backbone = new RawPixels(Options.Preprocessing.Size);
        return ArticleRecipe.Run(backbone, train, test, options, ProgressSink.Current);
    }
}
