using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class RandAugmentTests : IDisposable
{
    private static readonly AugmentationOptions On = AugmentationOptions.None with { RandAugment = new() };

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    public static TheoryData<RandAugmentOperation> Operations => [.. Enum.GetValues<RandAugmentOperation>()];

    [Theory]
    [MemberData(nameof(Operations))]
    public void Should_GiveTorchvisionsPixels_When_TheMagnitudeIsTheSame(RandAugmentOperation operation)
    {
        var golden = GoldenFile.Read("augment.json");
        var magnitude = golden.GetProperty("magnitude").GetDouble();
        var name = operation == RandAugmentOperation.Colour ? "Color" : operation.ToString();
        var cases = golden.GetProperty("cases").EnumerateArray()
            .Where(item => item.GetProperty("operation").GetString() == name).ToList();
        Assert.NotEmpty(cases);
        foreach (var one in cases)
        {
            var signs = torch.full([1], one.GetProperty("sign").GetSingle());
            var found = RandAugment.Apply(operation, Pixels(), magnitude, signs);
            found.ShouldEqual(one.Values<float>("values"), 2e-5);
        }
    }

    [Fact]
    public void Should_LeaveTheBrightestOut_When_AHistogramIsSpread()
    {
        // 300 pixels of 10, 300 of 200: the step is 300 / 255 = 1, so the brighter ones go to 300, cut to 255; the darker ones to 0.
        var image = torch.cat([torch.full([1, 1, 15, 20], 10f / 255), torch.full([1, 1, 15, 20], 200f / 255)], 2);
        var spread = RandAugment.Apply(RandAugmentOperation.Equalize, image, 9, torch.ones(1));
        Assert.Equal(torch.cat([torch.zeros(1, 1, 15, 20), torch.ones(1, 1, 15, 20)], 2), spread);
        // Of 600 pixels in all the step would be 2, and the brighter ones would only reach 150.
    }

    [Fact]
    public void Should_ApplyWhatEachImageDrew_When_TheyDrewDifferently()
    {
        var images = Pixels(14);
        // One operation each, from first to last, all with the sign minus.
        var draws = torch.stack([(torch.arange(14, torch.float32) + 0.5f) / 14, torch.zeros(14)], 1);
        var result = RandAugment.Apply(images, draws, 20);
        foreach (var operation in Enum.GetValues<RandAugmentOperation>())
        {
            var alone = RandAugment.Apply(operation, images.narrow(0, (long)operation, 1), 20, -torch.ones(1));
            Assert.True(torch.allclose(alone, result.narrow(0, (long)operation, 1), atol: 1e-6), $"{operation}");
        }
    }

    [Fact]
    public void Should_ApplyOneAfterTheOther_When_TwoAreDrawn()
    {
        var images = Pixels();
        float At(RandAugmentOperation operation) => ((float)operation + 0.5f) / 14;
        var row = torch.tensor(new[] { At(RandAugmentOperation.TranslateX), 0.9f, At(RandAugmentOperation.Solarize), 0f });
        var moved = RandAugment.Apply(RandAugmentOperation.TranslateX, images, 15, torch.ones(1));
        var expected = RandAugment.Apply(RandAugmentOperation.Solarize, moved, 15, torch.ones(1));
        Assert.Equal(expected, RandAugment.Apply(images, row.expand(1, 4), 15));
        Assert.Equal(0, moved.narrow(3, 0, (long)Math.Truncate(150.0 / 331 * 0.5 * 20)).abs().max().item<float>());
    }

    [Fact]
    public void Should_DrawEachOperationAsOften_When_ManyImagesAreVaried()
    {
        // Of fourteen operations one leaves every image alone, and nothing else does at full magnitude.
        var images = Pixels(2800);
        var result = Apply(On with { RandAugment = new() { Operations = 1, Magnitude = 30 } }, images);
        var same = result.eq(images).view(2800, -1).all(1).sum().item<long>();
        Assert.InRange(same, 150, 250);
        var distinct = result.view(2800, -1).unique(dim: 0).output.shape[0];
        Assert.Equal(1 + (9 * 2) + 4, distinct);
    }

    [Fact]
    public void Should_GiveTheSameAgain_When_TheSeedIsTheSame()
    {
        var images = Pixels(16);
        Assert.Equal(Apply(On, images), Apply(On, images));
        Assert.NotEqual(Apply(On, images), Apply(On, images, seed: 4));
        Assert.Equal(Apply(On, images).narrow(0, 0, 3), Apply(On, images.narrow(0, 0, 3)));
    }

    [Fact]
    public void Should_GoOnDrawing_When_TheBatchIsCutInTwo()
    {
        var images = Pixels(16);
        var both = On with { Blur = new() };
        using var augmentation = new Augmentation(both, seed: 3);
        var parts = new[] { augmentation.Apply(images.narrow(0, 0, 5)), augmentation.Apply(images.narrow(0, 5, 11)) };
        Assert.Equal(Apply(both, images), torch.cat(parts));
    }

    [Fact]
    public void Should_LeaveTheOthersDrawsAlone_When_SwitchedOn()
    {
        var images = Pixels(64);
        var flipped = AugmentationOptions.None with { FlipProbability = 0.5 };
        var plain = Apply(flipped, images);
        // At magnitude 0 all but three operations leave the image as it is, so most images show whether they were mirrored.
        var varied = Apply(flipped with { RandAugment = new() { Operations = 1, Magnitude = 0 } }, images);
        var same = (plain - varied).abs().amax([1, 2, 3]).lt(2f / 255).sum().item<long>();
        Assert.InRange(same, 40, 63);
        var sharp = new GaussianBlurOptions { Probability = 0 };
        Assert.Equal(plain, Apply(flipped with { Blur = sharp }, images));
        var withRandAugment = flipped with { RandAugment = new() };
        Assert.Equal(Apply(withRandAugment, images), Apply(withRandAugment with { Blur = sharp }, images));
    }

    [Fact]
    public void Should_VaryGreyImages_When_ThereIsOneChannel()
    {
        var options = AugmentationOptions.None with { RandAugment = new() { Operations = 14, Magnitude = 9 } };
        var grey = Pixels(16).narrow(1, 0, 1);
        var result = Apply(options, grey);
        Assert.Equal(grey.shape, result.shape);
        Assert.InRange(result.min().item<float>(), 0f, 1f);
        Assert.InRange(result.max().item<float>(), 0f, 1f);
    }

    [Fact]
    public void Should_KeepNoTensor_When_TheResultIsDisposed()
    {
        var images = Pixels(16);
        using var augmentation = new Augmentation(On with { Blur = new() }, seed: 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        augmentation.Apply(images).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_ASettingIsOutOfRange()
    {
        Assert.Throws<FewShotException>(() => new Augmentation(On with { RandAugment = new() { Operations = 0 } }, 1));
        Assert.Throws<FewShotException>(() => new Augmentation(On with { RandAugment = new() { Magnitude = 31 } }, 1));
    }

    private static torch.Tensor Pixels(int copies = 1) =>
        (((Formula.Pixels("augment", 1, 3, 18, 20) / 3).floor() + 40) / 255).expand(copies, -1, -1, -1);

    private static torch.Tensor Apply(AugmentationOptions options, torch.Tensor images, long seed = 3)
    {
        using var augmentation = new Augmentation(options, seed);
        return augmentation.Apply(images);
    }
}
