using System.Text.RegularExpressions;
using FewShot.Charts;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Onnx;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Tests.Charts;

public partial class ImageGridTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Should_Decode_To_The_Same_Pixels_When_A_Tile_Is_Read_Back(int channels)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1);
        var images = torch.randint(0, 256, [2, channels, 5, 7], torch.ScalarType.Byte, generator: generator);
        var tiles = Tile().Matches(ImageGrid.Html(images, ["a", "b"]).Html);
        Assert.Equal(2, tiles.Count);
        using var second = SKBitmap.Decode(Convert.FromBase64String(tiles[1].Groups[1].Value));
        Assert.Equal((7, 5), (second.Width, second.Height));
        var pixels = images[1].expand(3, 5, 7).contiguous().data<byte>().ToArray();
        for (var at = 0; at < 35; at++)
        {
            var pixel = second.GetPixel(at % 7, at / 7);
            Assert.Equal((pixels[at], pixels[35 + at], pixels[70 + at]), (pixel.Red, pixel.Green, pixel.Blue));
        }
    }

    [Fact]
    public void Should_Escape_Captions_When_They_Hold_Markup()
    {
        using var images = torch.zeros([1, 3, 2, 2], torch.ScalarType.Byte);
        var html = ImageGrid.Html(images, ["\"><script>x</script>"], title: "<b>").Html;
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", html, StringComparison.Ordinal);
        Assert.Contains("alt=\"&quot;&gt;&lt;script", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Name_Classes_When_A_Set_Is_Shown()
    {
        using var set = new ImageSet(
            "pets", torch.zeros([2, 3, 2, 2], torch.ScalarType.Byte), torch.tensor(new long[] { 1, 0 }), ["cat", "dog"]);
        Assert.Equal("pets: 2 pictures (dog; cat)", ImageGrid.Html(set, title: "pets").Text);
    }

    [Fact]
    public void Should_Leave_No_Tensor_Behind()
    {
        using var images = torch.zeros([3, 3, 2, 2], torch.ScalarType.Byte);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ImageGrid.Html(images, ["a", "b", "c"]);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Say_What_Was_Found_When_Images_Or_Captions_Do_Not_Fit()
    {
        using var floats = torch.zeros([1, 3, 2, 2]);
        using var bytes = torch.zeros([1, 3, 2, 2], torch.ScalarType.Byte);
        Assert.Contains("Float32", Assert.Throws<FewShotException>(() => ImageGrid.Html(floats, ["a"])).Message, StringComparison.Ordinal);
        Assert.Contains(
            "2 captions for 1",
            Assert.Throws<FewShotException>(() => ImageGrid.Html(bytes, ["a", "b"])).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ShowTheMiddleOfEachPhoto_When_FilesAreGiven()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        var wide = torch.zeros([3, 6, 18], torch.ScalarType.Byte);
        wide.narrow(2, 6, 6).fill_(200);
        string[] paths = [Pictures.Save(wide, folder.At("wide.png")), Pictures.Save(wide.flip(2), folder.At("turned.png"))];
        var tiles = Tile().Matches(ImageGrid.OfFiles(paths, ["a", "b"], side: 6).Html);
        Assert.Equal(2, tiles.Count);
        using var shown = SKBitmap.Decode(Convert.FromBase64String(tiles[0].Groups[1].Value));
        Assert.Equal((6, 6), (shown.Width, shown.Height));
        Assert.All(shown.Pixels, pixel => Assert.Equal(200, pixel.Red));
    }

    [Fact]
    public void Should_NameTheFile_When_APhotoIsMissing()
    {
        Assert.Contains(
            "no-such.png",
            Assert.Throws<FewShotException>(() => ImageGrid.OfFiles(["no-such.png"], ["a"])).Message,
            StringComparison.Ordinal);
        Assert.Contains("found 0", Assert.Throws<FewShotException>(() => ImageGrid.OfFiles([], [])).Message, StringComparison.Ordinal);
    }

    [GeneratedRegex("data:image/png;base64,([^\"]+)\"")]
    private static partial Regex Tile();
}
