using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class GaussianBlurTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_GiveTorchvisionsPixels_When_SigmaIsTheSame()
    {
        var images = ((Formula.Pixels("augment", 1, 3, 18, 20) / 3).floor() + 40) / 255;
        foreach (var one in GoldenFile.Read("augment.json").GetProperty("blur").EnumerateArray())
        {
            var sigma = torch.full([1], one.GetProperty("sigma").GetSingle());
            Sharpening.Gaussian(images, sigma, one.GetProperty("radius").GetInt32()).ShouldEqual(one.Values<float>("values"), 1e-5);
        }
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(2.5)]
    public void Should_EqualTheDirectSum_When_ConvolvedInDoublePrecision(double sigma)
    {
        const int Radius = 5, Height = 9, Width = 7;
        var values = Formula.Uniform("blur", Height * Width);
        var images = torch.tensor([.. values.Select(value => (float)value)], [1, 1, Height, Width]);
        var found = Sharpening.Gaussian(images, torch.tensor(new[] { (float)sigma }), Radius);
        var total = 0.0;
        for (var dy = -Radius; dy <= Radius; dy++)
            total += Bell(dy, sigma);
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                var sum = 0.0;
                for (var dy = -Radius; dy <= Radius; dy++)
                {
                    for (var dx = -Radius; dx <= Radius; dx++)
                    {
                        var place = (Mirrored(y + dy, Height) * Width) + Mirrored(x + dx, Width);
                        sum += Bell(dy, sigma) * Bell(dx, sigma) * values[place] / (total * total);
                    }
                }

                Assert.Equal(sum, found[0, 0, y, x].item<float>(), 1e-6);
            }
        }
    }

    [Fact]
    public void Should_BlurHalfOfThem_When_TheProbabilityIsAHalf()
    {
        var images = Formula.Floats("blurred", [200, 3, 12, 16], u => u);
        using var augmentation = new Augmentation(AugmentationOptions.None with { Blur = new() { MinimumSigma = 0.8 } }, seed: 3);
        var result = augmentation.Apply(images);
        var changed = (result - images).abs().amax([1, 2, 3]).gt(1e-5f);
        Assert.InRange(changed.sum().item<long>(), 70, 130);
        // A blur keeps the mean but for the edge, and takes contrast away.
        Assert.True(torch.allclose(images.mean([1, 2, 3]), result.mean([1, 2, 3]), atol: 0.02));
        var shrunk = (result.flatten(1).std(1) / images.flatten(1).std(1)).masked_select(changed);
        Assert.InRange(shrunk.max().item<float>(), 0.1f, 0.6f);
    }

    [Fact]
    public void Should_Refuse_When_ASettingIsOutOfRange()
    {
        static void Make(GaussianBlurOptions blur) => new Augmentation(AugmentationOptions.None with { Blur = blur }, 1).Dispose();
        Assert.Throws<FewShotException>(() => Make(new() { Probability = 2 }));
        Assert.Throws<FewShotException>(() => Make(new() { MinimumSigma = 0 }));
        Assert.Throws<FewShotException>(() => Make(new() { MinimumSigma = 3 }));
    }

    private static double Bell(int place, double sigma) => Math.Exp(-0.5 * place * place / (sigma * sigma));

    private static int Mirrored(int place, int size) => place < 0 ? -place : place >= size ? (2 * (size - 1)) - place : place;
}
