using FewShot.Episodes;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Episodes;

public class ClassBatchesTests
{
    [Fact]
    public void Should_GiveImagesWithTheLabelsOfTheSet_When_Drawn()
    {
        using var scope = torch.NewDisposeScope();
        using var set = TinySet.Of(6, 10);
        using var source = new ClassBatches(set, 6, seed: 3);
        using var batch = source.Draw(2);
        Assert.Equal((1, 3, 3), (batch.Count, batch.SupportCount, batch.QueryCount));
        var inputs = torch.cat([batch.SupportInputs[0], batch.QueryInputs[0]]);
        var labels = torch.cat([batch.SupportTargets[0], batch.QueryTargets[0]]).data<long>().ToArray();
        var known = set.Images.to(torch.float32) / 255;
        var positions = Enumerable.Range(0, 6).Select(i => Enumerable.Range(0, set.Count)
            .First(position => known[position].equal(inputs[i]).all().item<bool>())).ToArray();
        Assert.Equal(positions.Select(position => (long)set.LabelValues[position]), labels);
        Assert.Equal(6, positions.Distinct().Count());
    }

    [Fact]
    public void Should_DependOnSeedAndIterationAlone_When_Drawn()
    {
        using var scope = torch.NewDisposeScope();
        using var set = TinySet.Of(6, 10);
        float[] Pixels(long seed, long iteration, AugmentationOptions? augmentation = null)
        {
            using var source = new ClassBatches(set, 6, seed, augmentation: augmentation);
            using var batch = source.Draw(iteration);
            return [.. batch.QueryInputs.data<float>()];
        }

        Assert.Equal(Pixels(1, 4), Pixels(1, 4));
        Assert.NotEqual(Pixels(1, 4), Pixels(1, 5));
        Assert.NotEqual(Pixels(1, 4), Pixels(2, 4));
        var varied = new AugmentationOptions { FlipProbability = 0, CropPadding = 2 };
        Assert.Equal(Pixels(1, 4, varied), Pixels(1, 4, varied));
        Assert.NotEqual(Pixels(1, 4), Pixels(1, 4, varied));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(1000)]
    public void Should_SayWhatItTakes_When_TheSizeIsOddOrOutOfRange(int size)
    {
        using var set = TinySet.Of(6, 10);
        Assert.Contains(
            $"found {size}", Assert.Throws<FewShotException>(() => new ClassBatches(set, size)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Drawn()
    {
        using var set = TinySet.Of(6, 10);
        using var source = new ClassBatches(set, 6, augmentation: new AugmentationOptions());
        source.Draw(0).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        source.Draw(1).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
