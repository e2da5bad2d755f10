using FewShot.Data;
using FewShot.Runtime;

namespace FewShot.Tests.Data;

public class FindSetsTests
{
    [Fact]
    public void Should_FindOmniglot_When_BothHalvesAreThere()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("omniglot", "images_background"));
        Assert.Null(new DataFolder(folder.Root).FindOmniglot());
        Directory.CreateDirectory(folder.At("omniglot", "images_evaluation"));
        Assert.Equal(folder.At("omniglot"), new DataFolder(folder.Root).FindOmniglot());
    }

    [Fact]
    public async Task Should_SayWhatIsMissing_When_DownloadsAreForbidden()
    {
        using var folder = new TemporaryFolder();
        var offline = new DataFolder(folder.Root, new DownloadOptions { Offline = true });
        var cifar = await offline.TryCifarFsAsync(cancellation: TestContext.Current.CancellationToken);
        Assert.Null(cifar.Path);
        Assert.Contains("cifar-100-binary", cifar.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_PreferTheBinaryVersion_When_BothLayoutsAreThere()
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.At("cifar100", "data"));
        Assert.Equal(folder.At("cifar100"), new DataFolder(folder.Root).FindCifarFs());
        Directory.CreateDirectory(folder.At("cifar-100-binary"));
        var error = Assert.Throws<FewShotException>(() => new DataFolder(folder.Root).FindCifarFs());
        Assert.Contains("cifar-100-binary", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NumberClassesAsGiven_When_SomeAreSelected()
    {
        using var set = Episodes.TinySet.Of(classes: 4, perClass: 2);

        using var some = set.SelectClasses(["class 3", "class 1"]);

        // Images 1, 3, 5, 7 in the order of the set.
        Assert.Equal([1, 0, 1, 0], some.LabelValues);
        Assert.Equal([1, 3, 5, 7], some.Images.data<byte>().Select(value => (int)value));
        Assert.Equal(["class 3", "class 1"], some.ClassNames);
    }

    [Theory]
    [InlineData("class 1", "class 9", "has no class 'class 9'")]
    [InlineData("class 1", "class 1", "'class 1' is asked for twice")]
    public void Should_NameTheClass_When_ItCannotBeSelected(string first, string second, string expected)
    {
        using var set = Episodes.TinySet.Of(classes: 4, perClass: 2);
        var error = Assert.Throws<FewShotException>(() => set.SelectClasses([first, second]));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }
}
