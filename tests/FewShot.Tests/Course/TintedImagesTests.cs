using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Course;

public class TintedImagesTests
{
    [Fact]
    public void Should_HaveTheColourOfItsClass_When_TheImageIsWhite()
    {
        using var scope = torch.NewDisposeScope();
        using var white = Filled(255);
        using var tinted = TintedImages.Make(white, 6);
        // Red, yellow, green, cyan, blue, magenta, each a quarter of white in its dark channels.
        byte[] expected = [255, 64, 64, 255, 255, 64, 64, 255, 64, 64, 255, 255, 64, 64, 255, 255, 64, 255];
        Assert.Equal(expected, tinted.Images.select(3, 0).select(2, 0).contiguous().data<byte>().ToArray()[..18]);
        Assert.Equal([0, 1, 2, 3, 4, 5, 0], tinted.LabelValues);
        Assert.Equal("hue 120°", tinted.ClassNames[2]);
    }

    [Fact]
    public void Should_Refuse_When_ThereAreTooFewImages()
    {
        using var white = Filled(255);
        Assert.Throws<FewShotException>(() => TintedImages.Make(white, 8));
        Assert.Throws<FewShotException>(() => TintedImages.Make(white, 1));
    }

    private static ImageSet Filled(byte value) =>
        new("white", torch.full([7, 3, 2, 2], value, torch.uint8), torch.zeros(7, torch.int64), ["any"]);
}
