using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Tests.Transfer;

/// <summary>What can be wrong with a folder, a photo or a setting is said in a sentence that names it.</summary>
public sealed class ClassifierInputTests : IDisposable
{
    private static readonly ClassifierOptions Small = new() { Size = 32 };

    private readonly PhotoFolder photos = new PhotoFolder().With("apple", 3, 0).With("leaf", 3, 1);
    private readonly ClassifierBackbone backbone = new(new FakeExtractor(), new Preprocessing());

    public void Dispose() => photos.Dispose();

    [Fact]
    public void Should_NameTheFolder_When_ItIsMissing() =>
        AssertRefused(() => Classifier.Train(photos.At("none"), Small, backbone), $"{photos.At("none")} is missing: give a folder");

    [Fact]
    public void Should_NameTheClass_When_ThereIsOnlyOne()
    {
        Directory.Delete(Path.Combine(photos.Root, "apple"), recursive: true);
        AssertRefused(Train, "at least two classes apart; there is only 'leaf'");
    }

    [Fact]
    public void Should_NameTheFolder_When_AClassHasNoPhoto()
    {
        Directory.CreateDirectory(Path.Combine(photos.Root, "sea"));
        AssertRefused(Train, $"{Path.Combine(photos.Root, "sea")} holds no images");
    }

    [Fact]
    public void Should_NameTheClass_When_ASetHasNoImageOfIt()
    {
        using var images = TinyImages.Make(4, classes: 2, names: ["a", "b"]);
        using var part = images.Select([0, 2]);
        AssertRefused(() => Classifier.Train(part, Small, backbone), "there is no photo of 'b'");
    }

    [Fact]
    public void Should_NameThePhoto_When_ItCannotBeRead()
    {
        var path = photos.Write("photos/leaf/broken.png", [1, 2, 3]);
        AssertRefused(Train, $"{path} is not a readable image");
    }

    [Fact]
    public void Should_NameThePhoto_When_ItIsMissing()
    {
        using var classifier = Train();
        AssertRefused(() => classifier.Classify(photos.At("none.jpg")), $"{photos.At("none.jpg")} is missing: give the path");
    }

    [Fact]
    public void Should_SaySo_When_NoPhotoIsGiven()
    {
        using var classifier = Train();
        AssertRefused(() => classifier.Classify([]), "give the path of at least one");
    }

    [Fact]
    public void Should_SaySo_When_NoClassIsToBeNamed()
    {
        using var classifier = Train();
        AssertRefused(() => classifier.Classify(photos.Files("leaf")[0], top: 0), "at least 1 class");
    }

    [Theory]
    [InlineData(16, 0.95, 5, "Size")]
    [InlineData(32, 1.0, 5, "Acceptance")]
    [InlineData(32, 0.95, 1, "Folds")]
    public void Should_NameTheSetting_When_ItIsOutOfRange(int size, double acceptance, int folds, string name) =>
        AssertRefused(
            () => Classifier.Train(photos.Root, new() { Size = size, Acceptance = acceptance, Folds = folds }, backbone), $"{name} must");

    private Classifier Train() => Classifier.Train(photos.Root, Small, backbone);

    private static void AssertRefused(Func<object> action, string part) =>
        Assert.Contains(part, Assert.Throws<FewShotException>(action).Message, StringComparison.Ordinal);
}
