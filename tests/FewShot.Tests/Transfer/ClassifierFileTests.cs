using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class ClassifierFileTests : IDisposable
{
    private const long MegaByte = 1_000_000;
    private static readonly ClassifierOptions Small = new() { Size = 32 };

    private readonly PhotoFolder photos = new PhotoFolder().With("apple", 3, 0).With("leaf", 4, 1);
    private readonly ClassifierBackbone backbone = new(new FakeExtractor(), new Preprocessing());

    public void Dispose() => photos.Dispose();

    private string Path => photos.At("pets.fewshot");

    [Fact]
    public void Should_AnswerTheSame_When_SavedAndLoaded()
    {
        using var classifier = Save();
        using var loaded = Classifier.Load(Path, backbone);
        Assert.Equal(classifier.ToString(), loaded.ToString());
        Assert.Equal(classifier.Record.ToJson(), loaded.Record.ToJson());
        string[] files = [.. photos.Files("apple"), .. photos.Files("leaf")];
        foreach (var (before, after) in classifier.Classify(files).Zip(loaded.Classify(files)))
        {
            Assert.Equal(before.IsKnown, after.IsKnown);
            Assert.Equal(before.Top, after.Top);
        }
    }

    [Fact]
    public void Should_WriteTheSameBytes_When_LoadedAndSaved()
    {
        Save().Dispose();
        var before = File.ReadAllBytes(Path);
        using var loaded = Classifier.Load(Path, backbone);
        loaded.Save(Path);
        Assert.Equal(before, File.ReadAllBytes(Path));
    }

    [Theory]
    [InlineData(440, true)]
    [InlineData(470, false)]
    public void Should_StayBelowAMegabyte_When_ThereAreManyPhotos(int count, bool canKeep)
    {
        Torch.Load();
        using var features = torch.rand(count, 512);
        // A class of two photos: heads are not compared, which would take long here.
        long[] labels = [.. Enumerable.Range(0, count).Select(i => i < 2 ? i : i < 4 ? i - 2 : 2 + (i % 3))];
        using var state = ClassifierState.Learn(
            features, labels, ["a", "b", "c", "d", "e"], new FeatureOrigin("fake", "abc", "plain", Small), RunRecord.Capture("many"),
            ProgressSink.Current);
        ClassifierFile.Write(Path, state);
        Assert.Equal(canKeep, state.Features is not null);
        Assert.InRange(new FileInfo(Path).Length, 1, MegaByte);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissing() => AssertRefused($"{Path} is missing", "fewshot train");

    [Fact]
    public void Should_SayThatItIsNoClassifier_When_ItIsAPhoto()
    {
        File.Copy(photos.Files("leaf")[0], Path);
        AssertRefused($"{Path} is no classifier");
    }

    [Fact]
    public void Should_SayThatItIsNoClassifier_When_ItHoldsOtherTensors()
    {
        using (var scope = torch.NewDisposeScope())
            TensorFile.Write(Path, new Dictionary<string, torch.Tensor> { ["x"] = torch.zeros(2) });
        AssertRefused($"{Path} is no classifier that this version reads", "FewShot classifier 2");
    }

    [Fact]
    public void Should_SayDamaged_When_AValueChanged()
    {
        Save().Dispose();
        var bytes = File.ReadAllBytes(Path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(Path, bytes);
        AssertRefused($"{Path} is damaged");
    }

    [Fact]
    public void Should_SayDamaged_When_CutShort()
    {
        Save().Dispose();
        File.WriteAllBytes(Path, File.ReadAllBytes(Path)[..^10]);
        AssertRefused($"{Path} is no classifier, or it is damaged");
    }

    [Fact]
    public void Should_NameBothBackbones_When_AnotherIsAtHand()
    {
        Save().Dispose();
        var other = new ClassifierBackbone(new FakeExtractor("def"), new Preprocessing());
        var error = Assert.Throws<FewShotException>(() => Classifier.Load(Path, other));
        Assert.StartsWith($"{Path} stands on another backbone, fake,", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameBothPreprocessings_When_AnotherIsAtHand()
    {
        Save().Dispose();
        var other = backbone with { Preprocessing = new Preprocessing { Normalisation = new ChannelNormalisation { Mean = [0, 0, 0] } } };
        var error = Assert.Throws<FewShotException>(() => Classifier.Load(Path, other));
        Assert.Contains("was trained with the preprocessing 'bilinear 32", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_LeaveNoTensor_When_Refused()
    {
        Save().Dispose();
        var other = new ClassifierBackbone(new FakeExtractor("def"), new Preprocessing());
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Assert.Throws<FewShotException>(() => Classifier.Load(Path, other));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private Classifier Save()
    {
        var classifier = Classifier.Train(photos.Root, Small, backbone);
        classifier.Save(Path);
        return classifier;
    }

    private void AssertRefused(params string[] parts)
    {
        var error = Assert.Throws<FewShotException>(() => Classifier.Load(Path, backbone));
        Assert.All(parts, part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }
}
