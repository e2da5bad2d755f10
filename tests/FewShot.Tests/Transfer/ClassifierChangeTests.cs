using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Tests.Transfer;

/// <summary>A class that is added or removed leaves the classifier that a training on the changed folder makes.</summary>
public sealed class ClassifierChangeTests : IDisposable
{
    private static readonly ClassifierOptions Small = new() { Size = 32 };
    private static readonly string[] All = ["apple", "leaf", "sea"];

    private readonly PhotoFolder photos = new PhotoFolder().With("apple", 5, 0).With("leaf", 4, 1).With("sea", 6, 2);
    private readonly ClassifierBackbone backbone = new(new FakeExtractor(), new Preprocessing());

    public void Dispose() => photos.Dispose();

    public static TheoryData<string> Names => [.. All];

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_EqualARefit_When_AClassIsAdded(string name)
    {
        using var whole = Classifier.Train(photos.Root, Small, backbone);
        Directory.Move(Path.Combine(photos.Root, name), photos.At(name));
        using var changed = Classifier.Train(photos.Root, Small, backbone);
        changed.Add(name, Directory.GetFiles(photos.At(name)));
        AssertEqual(whole, changed);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Should_EqualARefit_When_AClassIsRemoved(string name)
    {
        using var changed = Classifier.Train(photos.Root, Small, backbone);
        Directory.Move(Path.Combine(photos.Root, name), photos.At(name));
        using var refit = Classifier.Train(photos.Root, Small, backbone);
        changed.Remove(name);
        AssertEqual(refit, changed);
    }

    [Fact]
    public void Should_EqualARefit_When_PhotosAreAddedToAClass()
    {
        using var changed = Classifier.Train(photos.Root, Small, backbone);
        using var further = new PhotoFolder().With("leaf", 3, 1, first: 40);
        changed.Add("leaf", further.Files("leaf"));
        photos.With("leaf", 3, 1, first: 40);
        using var refit = Classifier.Train(photos.Root, Small, backbone);
        AssertEqual(refit, changed);
    }

    [Fact]
    public void Should_EqualARefit_When_ChangedAfterLoading()
    {
        using (var first = Classifier.Train(photos.Root, Small, backbone))
            first.Save(photos.At("file"));
        using var changed = Classifier.Load(photos.At("file"), backbone);
        changed.Remove("sea");
        Directory.Move(Path.Combine(photos.Root, "sea"), photos.At("sea"));
        using var refit = Classifier.Train(photos.Root, Small, backbone);
        AssertEqual(refit, changed, photos.Files("leaf"));
    }

    [Fact]
    public void Should_SayWhatChanged_When_TheRecordIsRead()
    {
        using var classifier = Classifier.Train(photos.Root, Small, backbone);
        classifier.Add("sky", photos.Files("sea"));
        classifier.Remove("leaf");
        Assert.Equal("classifier of photos, added 'sky', 6 photos, removed 'leaf'", classifier.Record.Name);
    }

    [Fact]
    public void Should_StayAsItWas_When_AnAddedPhotoCannotBeRead()
    {
        using var classifier = Classifier.Train(photos.Root, Small, backbone);
        var before = classifier.ToString();
        Assert.Throws<FewShotException>(() => classifier.Add("sky", [photos.Write("sky.png", [1, 2, 3])]));
        Assert.Equal(before, classifier.ToString());
    }

    [Fact]
    public void Should_NameTheClasses_When_ThereIsNoSuchClassToRemove()
    {
        using var classifier = Classifier.Train(photos.Root, Small, backbone);
        var error = Assert.Throws<FewShotException>(() => classifier.Remove("cat"));
        Assert.Contains("no class 'cat' to remove; there are apple, leaf, sea", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_OneClassWouldBeLeft()
    {
        using var classifier = Classifier.Train(photos.Root, Small, backbone);
        classifier.Remove("sea");
        var error = Assert.Throws<FewShotException>(() => classifier.Remove("leaf"));
        Assert.Contains("only 'apple'", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, classifier.ClassNames.Count);
    }

    private void AssertEqual(Classifier expected, Classifier found, IReadOnlyList<string>? files = null)
    {
        files ??= [.. Directory.GetFiles(photos.Root, "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        Assert.Equal(expected.ClassNames, found.ClassNames);
        Assert.Equal(expected.Examples, found.Examples);
        Assert.Equal((expected.Head, expected.Reason), (found.Head, found.Reason));
        Assert.Equal(expected.Temperature, found.Temperature, 1e-6);
        Assert.Equal(expected.Threshold!.Value, found.Threshold!.Value, 1e-6);
        var (wanted, seen) = (expected.Classify(files, top: 9), found.Classify(files, top: 9));
        foreach (var (one, other) in wanted.Zip(seen))
        {
            Assert.Equal(one.IsKnown, other.IsKnown);
            Assert.Equal(
                one.Top.OrderBy(entry => entry.ClassName, StringComparer.Ordinal).Select(entry => entry.Probability),
                other.Top.OrderBy(entry => entry.ClassName, StringComparer.Ordinal).Select(entry => entry.Probability),
                (a, b) => Math.Abs(a - b) <= 1e-6);
        }
    }
}
