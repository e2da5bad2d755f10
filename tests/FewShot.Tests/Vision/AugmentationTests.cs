using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class AugmentationTests : IDisposable
{
    private static readonly AugmentationOptions Everything = new()
    {
        Zoom = 0.3,
        Shift = 0.1,
        RotationDegrees = 15,
        Brightness = 0.4,
        Contrast = 0.4,
        Saturation = 0.4,
        Hue = 0.1,
        ErasingProbability = 0.5,
    };

    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_ChangeNothing_When_EverythingIsOff()
    {
        var images = Pixels(3);
        Assert.Equal(images, Apply(AugmentationOptions.None, images));
        var floats = images.to(torch.float32) / 255;
        var result = Apply(AugmentationOptions.None, floats);
        Assert.Equal(floats, result);
        result.zero_();
        Assert.NotEqual(floats, result);
    }

    [Fact]
    public void Should_DoAsWithThreeChannels_When_ThereIsOne()
    {
        var options = new AugmentationOptions { Zoom = 0.3, RotationDegrees = 15, Brightness = 0.4, ErasingProbability = 0.5 };
        var grey = Pixels(4).narrow(1, 0, 1);
        Assert.Equal(Apply(options, grey.expand(4, 3, -1, -1)).narrow(1, 2, 1), Apply(options, grey));
    }

    [Fact]
    public void Should_GiveTheSizeAskedFor_When_ASizeIsGiven()
    {
        using var augmentation = new Augmentation(Everything, seed: 5);
        Assert.Equal([4, 3, 48, 48], augmentation.Apply(Pixels(4), 48).shape);
        using var still = new Augmentation(AugmentationOptions.None, seed: 5);
        var images = Pixels(2).to(torch.float32) / 255;
        Assert.Equal(Resize.Bilinear(images, 48, 48, antialias: true), still.Apply(images, 48));
        Assert.Throws<FewShotException>(() => still.Apply(images, 0));
    }

    [Fact]
    public void Should_ReadARampAtTheRightPlaces_When_Zoomed()
    {
        // Bilinear interpolation of a ramp is exact, so each value tells where it was read.
        const int Side = 16, Result = 24;
        var ramp = torch.arange(Side, torch.float32).expand(2, 1, Side, Side);
        var share = torch.tensor(new[] { 0.5f, 0.75f });
        var zoomed = Geometry.Zoom(ramp, share, torch.zeros(2), torch.tensor(new[] { -1f, 0.5f }), beyond: 0, Result, Result);
        for (var column = 2; column < Result - 2; column++)
        {
            var place = (column + 0.5) / Result;
            Assert.Equal((0.5 * place * Side) - 0.5, zoomed[0, 0, 7, column].item<float>(), 1e-4);
            Assert.Equal(((0.25 * 0.75) + (0.75 * place)) * Side - 0.5, zoomed[1, 0, 7, column].item<float>(), 1e-4);
        }
    }

    [Fact]
    public void Should_MirrorAtTheEdge_When_ShiftedBeyondIt()
    {
        var images = Pixels(1).to(torch.float32);
        var down = Geometry.Zoom(images, torch.ones(1), torch.ones(1), torch.zeros(1), beyond: 0.5, 12, 16);
        var expected = torch.cat([images.narrow(2, 3, 9), images.narrow(2, 9, 3).flip(2)], 2);
        Assert.True(down.allclose(expected, rtol: 0, atol: 1e-2), "the part that comes in is not the image mirrored at its edge");
    }

    [Theory]
    [InlineData(torch.ScalarType.Byte)]
    [InlineData(torch.ScalarType.Float32)]
    public void Should_GiveTheSameAgain_When_TheSeedIsTheSame(torch.ScalarType type)
    {
        var images = type == torch.ScalarType.Byte ? Pixels(8) : Pixels(8).to(type) / 255;
        var before = images.clone();
        var first = Apply(Everything, images, seed: 5);
        Assert.Equal(first, Apply(Everything, images, seed: 5));
        Assert.NotEqual(first, Apply(Everything, images, seed: 6));
        Assert.Equal(before, images);
        Assert.Equal(type, first.dtype);
        Assert.Equal(images.shape, first.shape);
    }

    [Fact]
    public void Should_GoOnDrawing_When_AppliedAgain()
    {
        using var augmentation = new Augmentation(new(), seed: 5);
        Assert.NotEqual(augmentation.Apply(Pixels(8)), augmentation.Apply(Pixels(8)));
    }

    [Fact]
    public void Should_DrawForEachImage_When_ImagesAreTheSame()
    {
        var same = Pixels(1).expand(32, 3, 12, 16);
        var distinct = Apply(Everything, same).view(32, -1).unique(dim: 0).output;
        Assert.True(distinct.shape[0] > 28, $"{distinct.shape[0]} of 32 images differ.");
    }

    [Fact]
    public void Should_StayTheSame_When_OtherImagesAreInTheBatch()
    {
        var images = Pixels(6);
        Assert.Equal(Apply(Everything, images).narrow(0, 0, 2), Apply(Everything, images.narrow(0, 0, 2)));
    }

    [Fact]
    public void Should_MirrorHalfOfThem_When_FlipIsOn()
    {
        var images = Pixels(400);
        var result = Apply(AugmentationOptions.None with { FlipProbability = 0.5 }, images);
        var kept = result.eq(images).view(400, -1).all(1);
        var mirrored = result.eq(images.flip(3)).view(400, -1).all(1);
        Assert.True(kept.logical_or(mirrored).all().item<bool>());
        Assert.InRange(mirrored.sum().item<long>(), 160, 240);
        Assert.Equal(images, Geometry.Flip(Geometry.Flip(images, mirrored), mirrored));
    }

    [Fact]
    public void Should_HoldAShiftedImage_When_Cropped()
    {
        var images = Pixels(300);
        var result = Apply(AugmentationOptions.None with { CropPadding = 2 }, images);
        var padded = torch.nn.functional.pad(images, (2, 2, 2, 2));
        var seen = new HashSet<(int, int)>();
        for (var n = 0; n < 300; n++)
        {
            var places = from top in Enumerable.Range(0, 5)
                         from left in Enumerable.Range(0, 5)
                         where result[n].eq(padded[n].narrow(1, top, 12).narrow(2, left, 16)).all().item<bool>()
                         select (top, left);
            Assert.True(seen.Add(Assert.Single(places)) || seen.Count > 1);
        }

        Assert.Equal(25, seen.Count);
    }

    [Fact]
    public void Should_TurnCounterClockwise_When_AnglesAreRight()
    {
        var square = Pixels(4).to(torch.float32).narrow(3, 0, 12);
        var result = Geometry.Rotate(square, torch.tensor([0f, 90f, 180f, -90f]));
        for (var n = 0; n < 4; n++)
            Assert.True(torch.allclose(square[n].rot90(new[] { 0L, 1, 2, 3 }[n], (1, 2)), result[n], atol: 1e-2), $"Quarter turns: {n}.");
    }

    [Theory]
    [InlineData("brightness")]
    [InlineData("contrast")]
    [InlineData("saturation")]
    [InlineData("hue")]
    [InlineData("rotation")]
    public void Should_GiveTorchvisionsPixels_When_AmountsAreTheSame(string kind)
    {
        var golden = GoldenFile.Read("colour.json").GetProperty("cases")
            .EnumerateArray()
            .Single(item => item.GetProperty("kind").GetString() == kind);
        var images = Formula.Floats("colour", [3, 3, 4, 5], u => u);
        var amounts = torch.tensor(golden.Values<float>("amounts"));
        var found = kind switch
        {
            "brightness" => Colour.Brightness(images, amounts),
            "contrast" => Colour.Contrast(images, amounts),
            "saturation" => Colour.Saturation(images, amounts),
            "hue" => Colour.Hue(images, amounts),
            _ => Geometry.Rotate(images, amounts),
        };
        found.ShouldEqual(golden.Values<float>("values"), 1e-5);
    }

    [Fact]
    public void Should_KeepGrey_When_SaturationAndHueChange()
    {
        var grey = Formula.Floats("grey", [5, 1, 4, 4], u => u).expand(5, 3, 4, 4);
        var amounts = torch.linspace(-0.5, 0.5, 5);
        Assert.True(torch.allclose(grey, Colour.Hue(grey, amounts), atol: 1e-6));
        Assert.True(torch.allclose(grey, Colour.Saturation(grey, amounts + 1), atol: 1e-4));
    }

    [Fact]
    public void Should_PutInTheMeanColour_When_Erased()
    {
        var images = Pixels(200).to(torch.float32) / 255;
        var result = Apply(AugmentationOptions.None with { ErasingProbability = 0.5 }, images);
        var changed = result.ne(images).any(1);
        var share = changed.to(torch.float32).mean([1, 2]);
        Assert.InRange(share.gt(0).sum().item<long>(), 70, 130);
        Assert.InRange(share.max().item<float>(), 0.2f, 0.42f);
        var filled = torch.where(changed.unsqueeze(1), images.mean([2, 3], keepdim: true), images);
        Assert.Equal(filled, result);
        // A rectangle: as many changed pixels as changed rows times changed columns.
        Assert.Equal(changed.sum([1, 2]), changed.any(1).sum(1) * changed.any(2).sum(1));
    }

    [Fact]
    public void Should_StayWithinRange_When_EverythingIsOn()
    {
        var result = Apply(Everything with { Brightness = 3, Contrast = 3, Saturation = 3 }, Pixels(16).to(torch.float32) / 255);
        Assert.InRange(result.min().item<float>(), 0f, 1f);
        Assert.InRange(result.max().item<float>(), 0f, 1f);
    }

    [Fact]
    public void Should_KeepNoTensor_When_TheResultIsDisposed()
    {
        var images = Pixels(4);
        using var augmentation = new Augmentation(Everything, seed: 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        augmentation.Apply(images).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_InputOrSettingsDoNotFit()
    {
        Assert.Throws<FewShotException>(() => Apply(Everything, torch.zeros(2, 1, 4, 4)));
        Assert.Throws<FewShotException>(() => Apply(new AugmentationOptions(), torch.zeros(2, 2, 4, 4)));
        Assert.Throws<FewShotException>(() => Apply(Everything, torch.zeros(2, 3, 4, 4, torch.float64)));
        Assert.Throws<FewShotException>(() => new Augmentation(Everything with { FlipProbability = 1.5 }, 1));
        Assert.Throws<FewShotException>(() => new Augmentation(Everything with { Hue = double.NaN }, 1));
        Assert.Throws<FewShotException>(() => new Augmentation(Everything with { ErasingMaximumArea = 0.01 }, 1));
    }

    private static torch.Tensor Pixels(int count) => Formula.Pixels("augmentation", count, 3, 12, 16);

    private static torch.Tensor Apply(AugmentationOptions options, torch.Tensor images, long seed = 3)
    {
        using var augmentation = new Augmentation(options, seed);
        return augmentation.Apply(images);
    }
}
