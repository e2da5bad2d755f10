using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Transfer;

namespace FewShot.Tests.Course;

public sealed class SampleFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly ImageSet images = TinyImages.Make(12, classes: 2, size: 16);

    public void Dispose()
    {
        images.Dispose();
        folder.Dispose();
    }

    private string Root => folder.At("images");

    private string FirstFile => Directory.GetFiles(Root, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();

    [Fact]
    public void Should_HoldEveryImageInSeveralSizes_When_Written()
    {
        Assert.Equal(Root, SampleFolder.Write(images, perClass: 5, Root));
        using var read = ImageFolder.Load(Root, new ImageFolderOptions { Size = 16 });
        Assert.Equal(10, read.Count);
        Assert.All(read.LabelValues.CountBy(label => label), label => Assert.Equal(5, label.Value));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Should_LeaveTheTreeAlone_When_ItHoldsTheSameImages()
    {
        SampleFolder.Write(images, perClass: 2, Root);
        var old = new DateTime(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);
        File.SetLastWriteTimeUtc(FirstFile, old);
        SampleFolder.Write(images, perClass: 2, Root);
        Assert.Equal(old, File.GetLastWriteTimeUtc(FirstFile));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public void Should_WriteItAgain_When_AFileWasChanged() => ShouldHeal(() => File.WriteAllBytes(FirstFile, [1, 2, 3]));

    [Fact]
    public void Should_WriteItAgain_When_AFileIsMissing() => ShouldHeal(() => File.Delete(FirstFile));

    [Fact]
    public void Should_WriteItAgain_When_AnImageIsOneTooMany() =>
        ShouldHeal(() => File.Copy(FirstFile, Path.Combine(Path.GetDirectoryName(FirstFile)!, "99999.png")));

    [Fact]
    public void Should_NameTheLink_When_TheTreeHoldsALinkToItself()
    {
        SampleFolder.Write(images, perClass: 2, Root);
        Directory.CreateSymbolicLink(Path.Combine(Root, "itself"), Root);
        var error = Assert.Throws<FewShotException>(() => SampleFolder.Write(images, perClass: 2, Root));
        Assert.StartsWith($"{Root} holds itself, which is not one of the sample images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SaySo_When_TheFolderCannotBeWritten()
    {
        var blocked = folder.Write("file", [1]);
        var error = Assert.Throws<FewShotException>(() => SampleFolder.Write(images, perClass: 2, Path.Combine(blocked, "images")));
        Assert.StartsWith("The sample images cannot be written to ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_WriteItAgain_When_OtherImagesAreAskedFor()
    {
        SampleFolder.Write(images, perClass: 2, Root);
        using var others = TinyImages.Make(12, classes: 2, size: 16, phase: 1);
        var before = File.ReadAllBytes(FirstFile);
        SampleFolder.Write(others, perClass: 2, Root);
        Assert.NotEqual(before, File.ReadAllBytes(FirstFile));
    }

    [Fact]
    public void Should_KeepWhatIsNotOurs_When_TheFolderHoldsIt()
    {
        var mine = folder.Write("images/holiday/beach.png", [7]);
        var error = Assert.Throws<FewShotException>(() => SampleFolder.Write(images, perClass: 2, Root));
        Assert.Contains("holiday/beach.png", error.Message, StringComparison.Ordinal);
        Assert.Equal([7], File.ReadAllBytes(mine));
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    private void ShouldHeal(Action damage)
    {
        SampleFolder.Write(images, perClass: 2, Root);
        var whole = Content();
        damage();
        SampleFolder.Write(images, perClass: 2, Root);
        Assert.Equal(whole, Content());
        Assert.Single(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    private List<string> Content() =>
        [.. Directory.GetFiles(Root, "*", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(file => $"{file} {Convert.ToHexString(File.ReadAllBytes(file))}")];
}
