using FewShot.Data;
using FewShot.Runtime;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Tests.Data;

public class OmniglotTests
{
    private static readonly string[] TwoCharacters = ["images_background/Greek/character01", "images_evaluation/Tibetan/character02"];

    [Fact]
    public void Should_InvertShrinkAndOrder_When_DrawingsHaveAnySize()
    {
        using var folder = new TemporaryFolder();
        Write(folder, TwoCharacters[0], drawing => Picture(105, (x, y) => x < 53 ? SKColors.Black : SKColors.White));
        Write(folder, TwoCharacters[1], drawing => Picture(28, (x, y) => y == drawing ? SKColors.Black : SKColors.White));

        using var set = Omniglot.Load(folder.Root, TwoCharacters, ProgressSink.Current);

        Assert.Equal([40, 1, 28, 28], set.Images.shape);
        Assert.Equal(TwoCharacters, set.ClassNames);
        Assert.Equal(Enumerable.Repeat(0L, 20).Concat(Enumerable.Repeat(1L, 20)), set.LabelValues);
        // Ink on the left, paper on the right.
        Assert.Equal(255, set.Images[3, 0, 14, 2].item<byte>());
        Assert.Equal(0, set.Images[3, 0, 14, 25].item<byte>());
        // The drawings of a character stand in the order of their files' names.
        for (var drawing = 0; drawing < 20; drawing++)
        {
            Assert.Equal(255, set.Images[20 + drawing, 0, drawing, 9].item<byte>());
            Assert.Equal(28 * 255, set.Images[20 + drawing].sum().item<long>());
        }
    }

    [Fact]
    public void Should_NameTheCharacter_When_ADrawingIsMissing()
    {
        using var folder = new TemporaryFolder();
        Write(folder, TwoCharacters[0], _ => Picture(28, (x, _) => x < 9 ? SKColors.Black : SKColors.White));
        File.Delete(folder.At(TwoCharacters[0], "0001_07.png"));

        var error = Assert.Throws<FewShotException>(() => Omniglot.Load(folder.Root, [TwoCharacters[0]], ProgressSink.Current));

        Assert.Contains(folder.At(TwoCharacters[0]), error.Message, StringComparison.Ordinal);
        Assert.Contains("holds 19 PNG files", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheCharacter_When_ItsFolderIsMissing()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<FewShotException>(() => Omniglot.Load(folder.Root, [TwoCharacters[1]], ProgressSink.Current));
        Assert.Contains($"{TwoCharacters[1]} is missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ADrawingIsBlank()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("blank.png", Picture(28, (_, _) => SKColors.White));
        var error = Assert.Throws<FewShotException>(() => Drawing.Read(path, 28));
        Assert.StartsWith($"{path} shows no ink", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TakeTransparencyForPaper_When_ADrawingHasNoBackground()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("ink.png", Encode(28, 28, (x, _) => x < 14 ? SKColors.Black : SKColors.Transparent));
        using var image = Drawing.Read(path, 28);
        Assert.Equal([255, 0], new long[] { 3, 20 }.Select(column => (int)image[0, 10, column].item<byte>()));
    }

    [Fact]
    public void Should_SayThatItIsAStrip_When_ADrawingIsFarFromSquare()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("strip.png", Encode(20_000, 2, (_, _) => SKColors.Black));
        Assert.Contains(
            "is a strip of 20000 x 2 pixels",
            Assert.Throws<FewShotException>(() => Drawing.Read(path, 28)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_AddPaper_When_ADrawingIsNotSquare()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("wide.png", Encode(56, 28, (_, _) => SKColors.Black));

        using var image = Drawing.Read(path, 28);

        Assert.Equal([1, 28, 28], image.shape);
        Assert.Equal([0, 255, 255, 0], new long[] { 5, 8, 19, 22 }.Select(row => (int)image[0, row, 3].item<byte>()));
    }

    [Fact]
    public void Should_CarryThePublishedCounts_When_SplitByVinyals()
    {
        using var all = EveryCharacter();
        using var split = Omniglot.Split(all, rotations: false);

        Assert.Equal([1028, 172, 423], new[] { split.Train, split.Validation, split.Test }.Select(set => set.ClassNames.Count));
        Assert.Equal(1623, split.Train.ClassNames.Concat(split.Validation.ClassNames).Concat(split.Test.ClassNames).Distinct().Count());
        // Gurmukhi is the one alphabet that the published list cuts in two.
        Assert.Contains("images_evaluation/Gurmukhi/character41", split.Train.ClassNames);
        Assert.Contains("images_evaluation/Gurmukhi/character42", split.Test.ClassNames);
        Assert.Contains("images_background/Armenian/character01", split.Validation.ClassNames);
    }

    [Fact]
    public void Should_DrawTheSameCharactersAgain_When_SplitAtRandomWithOneSeed()
    {
        using var all = EveryCharacter();
        using var split = Omniglot.Split(all, OmniglotSplit.Random, rotations: false, seed: 3);
        using var again = Omniglot.Split(all, OmniglotSplit.Random, rotations: false, seed: 3);
        using var other = Omniglot.Split(all, OmniglotSplit.Random, rotations: false, seed: 4);

        Assert.Equal([1100, 100, 423], new[] { split.Train, split.Validation, split.Test }.Select(set => set.ClassNames.Count));
        Assert.Equal(1623, split.Train.ClassNames.Concat(split.Validation.ClassNames).Concat(split.Test.ClassNames).Distinct().Count());
        Assert.Equal(split.Test.ClassNames, again.Test.ClassNames);
        Assert.NotEqual(split.Test.ClassNames, other.Test.ClassNames);
    }

    [Fact]
    public void Should_MakeFourClassesOfOne_When_Turned()
    {
        using var scope = torch.NewDisposeScope();
        var corner = torch.zeros([2, 1, 3, 3], torch.uint8);
        corner[0, 0, 0, 0] = 9;
        corner[1, 0, 0, 0] = 7;
        using var set = new ImageSet("corner", corner, torch.tensor(new long[] { 0, 1 }), ["a", "b"]);

        using var turned = Omniglot.WithRotations(set);

        Assert.Equal([0, 1, 2, 3, 4, 5, 6, 7], turned.LabelValues);
        Assert.Equal(["a", "b", "a, turned by 90"], turned.ClassNames.Take(3));
        Assert.Equal("b, turned by 270", turned.ClassNames[7]);
        // The images turn counter-clockwise: the corner goes from upper left to lower left, lower right and upper right.
        Assert.Equal(9, turned.Images[0, 0, 0, 0].item<byte>());
        Assert.Equal(9, turned.Images[2, 0, 2, 0].item<byte>());
        Assert.Equal(9, turned.Images[4, 0, 2, 2].item<byte>());
        Assert.Equal(7, turned.Images[7, 0, 0, 2].item<byte>());
    }

    [Fact]
    public void Should_MakeTwoClassesOfOne_When_Mirrored()
    {
        using var scope = torch.NewDisposeScope();
        var corner = torch.zeros([2, 1, 3, 3], torch.uint8);
        corner[0, 0, 0, 0] = 9;
        corner[1, 0, 1, 0] = 7;
        using var set = new ImageSet("corner", corner, torch.tensor(new long[] { 0, 1 }), ["a", "b"]);

        using var mirrored = Omniglot.WithMirrorImages(set);

        Assert.Equal([0, 1, 2, 3], mirrored.LabelValues);
        Assert.Equal(["a", "b", "a, mirrored", "b, mirrored"], mirrored.ClassNames);
        Assert.Equal(9, mirrored.Images[0, 0, 0, 0].item<byte>());
        Assert.Equal(9, mirrored.Images[2, 0, 0, 2].item<byte>());
        Assert.Equal(7, mirrored.Images[3, 0, 1, 2].item<byte>());
    }

    [Fact]
    public void Should_GiveThePublishedFacts_When_TheRealDataIsThere()
    {
        var root = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(string.IsNullOrEmpty(root), $"Needs Omniglot: set {DataFolder.Variable} to the folder that holds omniglot.");
        var folder = new DataFolder(root!).FindOmniglot();
        Assert.SkipWhen(
            folder is null,
            $"Needs Omniglot: the folder in {DataFolder.Variable} holds no omniglot/images_background and images_evaluation.");

        using var all = Omniglot.Load(folder!);
        using var split = Omniglot.Split(all);

        Assert.Equal([32_460, 1, 28, 28], all.Images.shape);
        Assert.Equal([4112, 688, 1692], new[] { split.Train, split.Validation, split.Test }.Select(set => set.ClassNames.Count));
        Assert.Equal(82_240, split.Train.Count);
    }

    [Fact]
    public void Should_HoldInkOnEveryDrawing_When_ItComesWithTheCourse()
    {
        using var scope = torch.NewDisposeScope();
        using var all = Omniglot.LoadCarried();

        Assert.Equal([32_460, 1, 28, 28], all.Images.shape);
        Assert.Equal(Omniglot.CharacterNames, all.ClassNames);
        Assert.Equal(20, all.LabelValues.Count(label => label == 1622));
        // Thin strokes: little ink, but some on every drawing.
        var ink = all.Images.to(torch.float32).mean([1, 2, 3]) / 255;
        Assert.InRange(ink.mean().item<float>(), 0.03f, 0.15f);
        Assert.True(ink.min().item<float>() > 0);
    }

    [Fact]
    public void Should_EqualThePublishedDrawings_When_TheyComeWithTheCourse()
    {
        var root = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(
            string.IsNullOrEmpty(root),
            $"Needs Omniglot at 28 x 28: set {DataFolder.Variable} to the folder that holds omniglot.");
        var folder = new DataFolder(root!).FindOmniglot();
        Assert.SkipWhen(
            folder is null,
            $"Needs Omniglot: the folder in {DataFolder.Variable} holds no omniglot/images_background and images_evaluation.");
        Assert.SkipWhen(
            SideOf(folder!) != Omniglot.Side,
            "Needs drawings of 28 x 28 pixels: larger ones become grey when they are made smaller.");

        using var carried = Omniglot.LoadCarried();
        using var published = Omniglot.Load(folder!);

        Assert.Equal(published.Digest, carried.Digest);
    }

    private static int SideOf(string folder)
    {
        using var codec = SKCodec.Create(Directory.EnumerateFiles(Path.Combine(folder, Omniglot.CharacterNames[0])).First());
        return codec.Info.Width;
    }

    /// <summary>All names with one blank pixel each.</summary>
    private static ImageSet EveryCharacter() =>
        new("Omniglot", torch.zeros([1623, 1, 1, 1], torch.uint8), torch.arange(1623, torch.int64), Omniglot.CharacterNames);

    private static void Write(TemporaryFolder folder, string character, Func<int, byte[]> drawing)
    {
        // Written backwards, so that the order of creation is not the order of names.
        for (var i = 19; i >= 0; i--)
            folder.Write($"{character}/0001_{i + 1:00}.png", drawing(i));
    }

    private static byte[] Picture(int side, Func<int, int, SKColor> colour) => Encode(side, side, colour);

    private static byte[] Encode(int width, int height, Func<int, int, SKColor> colour)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
                bitmap.SetPixel(x, y, colour(x, y));
        }

        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return data.ToArray();
    }
}
