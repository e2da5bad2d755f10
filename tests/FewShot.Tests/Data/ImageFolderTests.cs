using FewShot.Data;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Tests.Data;

public class ImageFolderTests
{
    private static readonly ImageFolderOptions Small = new(Size: 8);

    [Fact]
    public void Should_OrderClassesAndFilesByName_When_SizesDiffer()
    {
        using var folder = new TemporaryFolder();
        folder.Write("b/2.jpg", Encode(40, 20, SKEncodedImageFormat.Jpeg, (_, _) => new SKColor(200, 100, 50)));
        folder.Write("b/1.PNG", Plain(5, 9, 1));
        folder.Write("B/x.png", Plain(8, 8, 2));
        folder.Write("a/deep/z.png", Plain(100, 30, 3));

        using var set = ImageFolder.Load(folder.Root, Small);

        Assert.Equal(["B", "a", "b"], set.ClassNames);
        Assert.Equal([0, 1, 2, 2], set.LabelValues);
        Assert.Equal([4, 3, 8, 8], set.Images.shape);
        Assert.Equal([2, 3, 1], Enumerable.Range(0, 3).Select(i => (int)set.Images[i, 0, 4, 4].item<byte>()));
        // JPEG keeps a flat colour to a step or two.
        Assert.Equal(
            [200, 100, 50],
            Enumerable.Range(0, 3).Select(c => (double)set.Images[3, c, 4, 4].item<byte>()),
            (a, b) => Math.Abs(a - b) <= 2);
        Assert.False(set.IsStandIn);
    }

    [Fact]
    public void Should_EqualTorchvision_When_AnImageIsShrunkAndCropped()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Encode(37, 23, SKEncodedImageFormat.Png, (x, y) =>
            new SKColor((byte)(((x * 7) + (y * 3)) % 256), (byte)(((x * x) + (y * 11)) % 256), (byte)(x * y * 5 % 256))));
        var golden = GoldenFile.Read("image_folder.json").Values<int>("pixels");

        using var set = ImageFolder.Load(folder.Root, Small);

        // PIL rounds between the two directions of a resize, this library only at the end, so values may differ by 1.
        Assert.Equal(golden, set.Images.data<byte>().Select(value => (int)value), (a, b) => Math.Abs(a - b) <= 1);
    }

    [Theory]
    [InlineData(Transparency.Dropped, 200, 100, 50)]
    [InlineData(Transparency.OnWhite, 242, 219, 207)]
    public void Should_LayThemOnWhiteOrKeepTheirColour_When_PixelsAreTransparent(Transparency transparency, byte red, byte green, byte blue)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Encode(8, 8, SKEncodedImageFormat.Png, (_, _) => new SKColor(200, 100, 50, 60)));
        using var set = ImageFolder.Load(folder.Root, Small with { Transparency = transparency });
        Assert.Equal([red, green, blue], Enumerable.Range(0, 3).Select(c => set.Images[0, c, 0, 0].item<byte>()));
    }

    // Resizing the long strips as a whole to a shorter side of 224 would take 6 GB and 39 GB.
    [Theory]
    [InlineData(20_000, 2)]
    [InlineData(2, 20_000)]
    [InlineData(65_000, 1)]
    public void Should_SeeTheMiddle_When_AnImageIsAStrip(int width, int height)
    {
        using var folder = new TemporaryFolder();
        var (middle, reach) = (Math.Max(width, height) / 2, 40);
        folder.Write(
            "a/1.png",
            Encode(width, height, SKEncodedImageFormat.Png, (x, y) =>
                Math.Abs(Math.Max(x, y) - middle) < reach ? SKColors.Lime : SKColors.Red));
        using var set = ImageFolder.Load(folder.Root, new ImageFolderOptions());
        Assert.Equal([0, 255, 0], Enumerable.Range(0, 3).Select(c => set.Images[0, c].to(torch.int64).min().item<long>()));
    }

    [Fact]
    public void Should_NameAllOfThem_When_SeveralFilesAreNoImages()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        for (var i = 2; i < 14; i++)
            folder.Write($"a/{i}.png", "not an image"u8.ToArray());
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.Root, Small));
        Assert.Contains("10 or more files cannot be used", error.Message, StringComparison.Ordinal);
        Assert.Equal(11, error.Message.Split('\n').Length);
    }

    [Fact]
    public void Should_AskForOneOfThem_When_TheFoldersArePartsOfADataSet()
    {
        using var folder = new TemporaryFolder();
        foreach (var part in new[] { "train", "Val", "test" })
            folder.Write($"{part}/cat/1.png", Plain(8, 8, 1));
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.Root, Small));
        Assert.Contains("parts of a data set and not classes", error.Message, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.Root, "Val"), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFolderBelow_When_TheFolderIsOneTooHigh()
    {
        using var folder = new TemporaryFolder();
        folder.Write("pets/cat/1.png", Plain(8, 8, 1));
        folder.Write("pets/dog/1.png", Plain(8, 8, 1));
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.Root, Small));
        Assert.Contains($"give {Path.Combine(folder.Root, "pets")}", error.Message, StringComparison.Ordinal);
    }

    // From the EXIF standard: where the stored first row and first column are seen. Red marks the stored upper left corner, green
    // the stored upper right one.
    [Theory]
    [InlineData(1, "top left", "top right")]
    [InlineData(2, "top right", "top left")]
    [InlineData(3, "bottom right", "bottom left")]
    [InlineData(4, "bottom left", "bottom right")]
    [InlineData(5, "top left", "bottom left")]
    [InlineData(6, "top right", "bottom right")]
    [InlineData(7, "bottom right", "top right")]
    [InlineData(8, "bottom left", "top left")]
    public void Should_StandUpright_When_TheCameraWasTurned(int orientation, string red, string green)
    {
        using var folder = new TemporaryFolder();
        var stored = Encode(32, 16, SKEncodedImageFormat.Jpeg, (x, y) =>
            y >= 8 ? SKColors.Black : x < 8 ? SKColors.Red : x >= 24 ? SKColors.Lime : SKColors.Black);
        var path = folder.Write("1.jpg", WithOrientation(stored, orientation));

        using var image = ImageFile.Read(path, 1000);

        Assert.Equal(orientation < 5 ? [3, 16, 32] : [3, 32, 16], image.shape);
        Assert.Equal(red, BrightCorner(image, channel: 0));
        Assert.Equal(green, BrightCorner(image, channel: 1));
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsCutShort()
    {
        using var folder = new TemporaryFolder();
        var noise = new Random(1);
        var whole = Encode(64, 64, SKEncodedImageFormat.Png, (_, _) => new SKColor((uint)noise.NextInt64(0xFF000000, 0xFFFFFFFF)));
        var path = folder.Write("a/1.png", whole[..(whole.Length / 2)]);
        AssertNames(path, "is damaged", folder);
    }

    [Theory]
    [InlineData("1.png")]
    [InlineData("1.jpg")]
    public void Should_NameTheFile_When_ItIsNoImage(string name)
    {
        using var folder = new TemporaryFolder();
        AssertNames(folder.Write($"a/{name}", "not an image"u8.ToArray()), "is not a readable image", folder);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsAnotherFormatUnderAFalseName()
    {
        using var folder = new TemporaryFolder();
        AssertNames(folder.Write("a/1.png", Encode(8, 8, SKEncodedImageFormat.Webp, (_, _) => SKColors.Red)), "is a Webp image", folder);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsOfAnotherKind()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        AssertNames(folder.Write("a/notes.txt", [1]), "is not a .png, .jpg, .jpeg, .jfif file", folder);
    }

    [Fact]
    public void Should_TakeNoMemory_When_TheHeaderClaimsTooManyPixels()
    {
        using var folder = new TemporaryFolder();
        // 40,000 x 40,000 in a file of 100 bytes: a valid header with nothing behind it.
        var bomb = folder.Write("a/1.png", PngHeader(40_000, 40_000));
        AssertNames(bomb, "has 40,000 x 40,000 pixels, more than the 60,000,000 allowed", folder);
    }

    [Fact]
    public void Should_PassOver_When_FilesAreTheSystems()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        folder.Write("a/.DS_Store", [1]);
        folder.Write("a/Thumbs.db", [1]);
        folder.Write(".git/config", [1]);
        folder.Write("@eaDir/1.png/SYNOPHOTO_THUMB.jpg", [1]);
        folder.Write("a/@eaDir/1.png", [1]);
        folder.Write("__MACOSX/a/1.png", [1]);
        folder.Write("LICENSE.txt", [1]);
        using var set = ImageFolder.Load(folder.Root, Small);
        Assert.Equal(1, set.Count);
    }

    [Fact]
    public void Should_NameTheImage_When_ItLiesBesideTheClassFolders()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        AssertNames(folder.Write("2.png", Plain(8, 8, 1)), "lies beside the class folders", folder);
    }

    [Fact]
    public void Should_NameTheClass_When_ItIsEmpty()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        AssertNames(Directory.CreateDirectory(folder.At("b")).FullName, "holds no images", folder);
    }

    [Fact]
    public void Should_SayWhatIsNeeded_When_ThereAreNoClassesOrNoFolder()
    {
        using var folder = new TemporaryFolder();
        AssertNames(folder.Root, "holds no folders", folder);
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.At("none")));
        Assert.Contains("one folder of images for each class", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NotFollow_When_ALinkLeadsOut()
    {
        using var outside = new TemporaryFolder();
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        var link = folder.At("a", "2.png");
        MakeLink(() => File.CreateSymbolicLink(link, outside.Write("secret/2.png", Plain(8, 8, 1))));
        AssertNames(link, "leads out", folder);

        File.Delete(link);
        var linkedFolder = folder.At("a", "more");
        MakeLink(() => Directory.CreateSymbolicLink(linkedFolder, outside.At("secret")));
        AssertNames(linkedFolder, "linked folders are not followed", folder);
    }

    [Theory]
    [InlineData("a/itself")]
    [InlineData("itself")]
    public void Should_NameTheLink_When_AFolderHoldsALinkToItself(string link)
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        var path = folder.At(link);
        MakeLink(() => Directory.CreateSymbolicLink(path, Path.GetDirectoryName(path)!));
        AssertNames(path, "linked folders are not followed", folder);
    }

    [Fact]
    public void Should_Follow_When_ALinkStaysInside()
    {
        using var folder = new TemporaryFolder();
        var image = folder.Write("a/1.png", Plain(8, 8, 7));
        Directory.CreateDirectory(folder.At("b"));
        MakeLink(() => File.CreateSymbolicLink(folder.At("b", "2.png"), image));
        using var set = ImageFolder.Load(folder.Root, Small);
        Assert.Equal(7, set.Images[1, 0, 0, 0].item<byte>());
    }

    [Fact]
    public void Should_SayHowToSaveMemory_When_TheImagesCannotFit()
    {
        using var folder = new TemporaryFolder();
        folder.Write("a/1.png", Plain(8, 8, 1));
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.Root, new ImageFolderOptions(Size: 50_000_000)));
        Assert.Contains("Choose a smaller Size", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepOnlyTheSet_When_Loaded()
    {
        using var folder = new TemporaryFolder();
        for (var i = 0; i < 5; i++)
            folder.Write($"a/{i}.png", Plain(20, 30, 1));
        ImageFolder.Load(folder.Root, Small).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        ImageFolder.Load(folder.Root, Small).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void AssertNames(string path, string what, TemporaryFolder folder)
    {
        var error = Assert.Throws<FewShotException>(() => ImageFolder.Load(folder.Root, Small));
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        Assert.Contains(what, error.Message, StringComparison.Ordinal);
    }

    private static void MakeLink(Action make)
    {
        try
        {
            make();
        }
        catch (Exception e) when (OperatingSystem.IsWindows() && e is IOException or UnauthorizedAccessException)
        {
            Assert.Skip("This account may not make symbolic links.");
        }
    }

    private static string BrightCorner(torch.Tensor image, int channel)
    {
        var (h, w) = (image.shape[1], image.shape[2]);
        (string Name, long Row, long Column)[] corners =
            [("top left", 2, 2), ("top right", 2, w - 3), ("bottom left", h - 3, 2), ("bottom right", h - 3, w - 3)];
        return corners.Single(corner => image[channel, corner.Row, corner.Column].item<byte>() > 128).Name;
    }

    private static byte[] Plain(int width, int height, byte grey) =>
        Encode(width, height, SKEncodedImageFormat.Png, (_, _) => new SKColor(grey, grey, grey));

    private static byte[] Encode(int width, int height, SKEncodedImageFormat format, Func<int, int, SKColor> colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colour(x, y));
        }

        using var data = bitmap.Encode(format, 95);
        return data.ToArray();
    }

    /// <summary>Puts an EXIF segment with nothing but the orientation behind the JPEG's first marker.</summary>
    private static byte[] WithOrientation(byte[] jpeg, int orientation) =>
    [
        .. jpeg[..2],
        0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*"u8, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0,
        .. jpeg[2..],
    ];

    private static byte[] PngHeader(int width, int height)
    {
        byte[] type = [.. "IHDR"u8, .. BigEndian((uint)width), .. BigEndian((uint)height), 8, 2, 0, 0, 0];
        byte[] data = [.. "IDAT"u8, 0x78, 0x9C, 0x03, 0x00, 0x00, 0x00, 0x00, 0x01];
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1A, 0x0A,
            .. BigEndian(13), .. type, .. BigEndian(Crc(type)),
            .. BigEndian(8), .. data, .. BigEndian(Crc(data)),
        ];
    }

    private static byte[] BigEndian(uint value) => [(byte)(value >> 24), (byte)(value >> 16), (byte)(value >> 8), (byte)value];

    private static uint Crc(byte[] data)
    {
        var crc = uint.MaxValue;
        foreach (var one in data)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xEDB88320 : crc >> 1;
        }

        return ~crc;
    }
}
