using FewShot.Data;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class ClassifierTests : IDisposable
{
    private static readonly ClassifierOptions Small = new() { Size = 32 };

    private readonly PhotoFolder photos = new PhotoFolder().With("apple", 6, 0).With("leaf", 6, 1).With("sea", 6, 2);
    private readonly ClassifierBackbone backbone = new(new FakeExtractor(), new Preprocessing());

    public void Dispose() => photos.Dispose();

    [Fact]
    public void Should_NameTheClass_When_APhotoIsNew()
    {
        using var classifier = Train();
        using var others = new PhotoFolder().With("any", 3, 1, first: 50);
        Assert.All(classifier.Classify(others.Files("any")), answer => Assert.Equal("leaf", answer.ClassName));
    }

    [Fact]
    public void Should_NameTheLikeliestFirst_When_SeveralAreAskedFor()
    {
        using var classifier = Train();
        var answer = classifier.Classify(photos.Files("sea")[0], top: 5);
        Assert.Equal(["sea"], answer.Top.Take(1).Select(entry => entry.ClassName));
        Assert.Equal(answer.Top.OrderByDescending(entry => entry.Probability), answer.Top);
        Assert.Equal(1, answer.Top.Sum(entry => entry.Probability), 1e-9);
        Assert.Equal(2, classifier.Classify(photos.Files("sea")[0], top: 2).Top.Count);
    }

    [Fact]
    public void Should_SayTheSameOfImages_When_TheyComeFromMemory()
    {
        using var classifier = Train();
        using var set = ImageFolder.Load(photos.Root, new ImageFolderOptions(Size: 32));
        var found = classifier.Classify(set.Images).Select(answer => answer.Top[0].Probability);
        var expected = classifier.Classify([.. set.ClassNames.SelectMany(photos.Files)]).Select(answer => answer.Top[0].Probability);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Should_RefuseThePhoto_When_ItResemblesNoClass()
    {
        using var classifier = Train();
        using var others = new PhotoFolder().With("violet", 4, 4);
        Assert.All(classifier.Classify(others.Files("violet")), answer =>
        {
            Assert.False(answer.IsKnown);
            Assert.Null(answer.ClassName);
            Assert.Contains("none of the classes", answer.ToString(), StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(1, "nearest centroid", "the rarest class has 1 photo, and comparing heads needs 3")]
    [InlineData(2, "nearest centroid", "the rarest class has 2 photos, and comparing heads needs 3")]
    [InlineData(5, "", "in cross-validation it was right about 10 of 10 photos")]
    public void Should_SayWhyTheHeadWasChosen_When_ThereAreSoManyPhotos(int perClass, string head, string reason)
    {
        using var few = new PhotoFolder().With("a", perClass, 0).With("b", perClass + 1, 1);
        foreach (var file in perClass == 5 ? few.Files("b").Skip(5) : [])
            File.Delete(file);
        using var classifier = Classifier.Train(few.Root, Small, backbone);
        Assert.Contains(head, classifier.Head, StringComparison.Ordinal);
        Assert.StartsWith(reason, classifier.Reason, StringComparison.Ordinal);
        Assert.Contains(classifier.Reason, classifier.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RefuseNothingAndExpectNothing_When_AClassHasASinglePhoto()
    {
        using var one = new PhotoFolder().With("a", 1, 0).With("b", 1, 1).With("violet", 1, 4);
        Directory.Move(Path.Combine(one.Root, "violet"), one.At("violet"));
        using var classifier = Classifier.Train(one.Root, Small, backbone);
        Assert.Null(classifier.Threshold);
        Assert.Null(classifier.Expected);
        Assert.True(classifier.Classify(Directory.GetFiles(one.At("violet"))[0]).IsKnown);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Disposed()
    {
        Train().Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var classifier = Train())
        {
            _ = classifier.Classify(photos.Files("sea"));
            classifier.Add("sky", photos.Files("sea"));
            classifier.Remove("leaf");
            _ = classifier.Evaluate(photos.Root);
            _ = classifier.HowManyPhotos(draws: 2);
            _ = classifier.LabelNext(photos.Root, 2);
            classifier.Save(photos.At("file"));
            Classifier.Load(photos.At("file"), backbone).Dispose();
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_CountRightRefusedAndConfused_When_Evaluated()
    {
        using var classifier = Train();
        using var others = new PhotoFolder().With("apple", 3, 0, first: 30).With("leaf", 2, 1, first: 30).With("violet", 4, 4);
        foreach (var file in others.Files("leaf"))
            File.Move(file, Path.Combine(others.Root, "apple", "not-" + Path.GetFileName(file)));
        Directory.Delete(Path.Combine(others.Root, "leaf"));
        var found = classifier.Evaluate(others.Root);
        Assert.Equal((3, 5), (found.Accuracy!.Correct, found.Accuracy.Count));
        Assert.Equal((4, 4), (found.RefusedUnknown!.Correct, found.RefusedUnknown.Count));
        Assert.Equal(["violet"], found.UnknownClasses);
        Assert.Equal(0, found.SeenInTraining);
        Assert.Contains("confused: apple taken for leaf, 2 times", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Warn_When_EvaluatedOnItsOwnPhotos()
    {
        using var classifier = Train();
        var found = classifier.Evaluate(photos.Root);
        Assert.Equal(18, found.SeenInTraining);
        Assert.StartsWith("WARNING: 18 of these photos", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RecordPhotosBackboneAndFigures_When_Trained()
    {
        using var classifier = Train();
        using var set = ImageFolder.Load(photos.Root, new ImageFolderOptions(Size: 32));
        Assert.Equal(set.Digest, classifier.Record.Data["photos"]);
        Assert.Equal("abc", classifier.Record.WeightsDigest);
        Assert.Equal(classifier.Expected!.Value, classifier.Record.Results["cross-validated accuracy"]);
    }

    private Classifier Train() => Classifier.Train(photos.Root, Small, backbone);
}
