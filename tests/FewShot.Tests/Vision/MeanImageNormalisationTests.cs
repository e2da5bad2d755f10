using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class MeanImageNormalisationTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_SwapChannelsScaleAndTakeTheMeanOfEachPlace_When_SizesAgree()
    {
        // Blue, green and red means of the two rows and columns.
        float[] mean = [1, 2, 3, 4, 10, 20, 30, 40, 100, 101, 102, 103];
        var image = torch.tensor(new float[] { 1, 1, 1, 1, 0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 0, 0 }, [1, 3, 2, 2]);
        var found = new MeanImageNormalisation(mean, 2, "abc").Apply(image);
        found.ShouldEqual([-1, -2, -3, -4, 117.5f, 107.5f, 97.5f, 87.5f, 155, 154, 153, 152], 1e-4);
    }

    [Fact]
    public void Should_ResizeTheMeanWithTheImage_When_SizesDiffer()
    {
        float[] mean = [.. Enumerable.Repeat(7f, 4), .. Enumerable.Repeat(8f, 4), .. Enumerable.Repeat(9f, 4)];
        var found = new MeanImageNormalisation(mean, 2, "abc").Apply(torch.zeros(1, 3, 3, 5));
        Assert.Equal([1L, 3, 3, 5], found.shape);
        found.mean([0, 2, 3]).ShouldEqual([-7, -8, -9], 1e-5);
    }

    [Fact]
    public void Should_BeEqual_When_TheFilesAre()
    {
        float[] mean = new float[3];
        Assert.Equal(new MeanImageNormalisation(mean, 1, "abc"), new MeanImageNormalisation(mean, 1, "abc"));
        Assert.NotEqual(new MeanImageNormalisation(mean, 1, "abc"), new MeanImageNormalisation(mean, 1, "abd"));
    }

    [Fact]
    public void Should_Refuse_When_ValuesDoNotFit()
    {
        Assert.Throws<FewShotException>(() => new MeanImageNormalisation(new float[4], 1, "abc"));
        Assert.Throws<FewShotException>(() => new MeanImageNormalisation([1, 2, float.NaN], 1, "abc"));
    }
}
