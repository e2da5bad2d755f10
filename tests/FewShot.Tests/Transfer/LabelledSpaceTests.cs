using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

/// <summary>What was learnt of some classes is never asked about others, whose scores would fit and mean nothing.</summary>
public sealed class LabelledSpaceTests : IDisposable
{
    private static readonly ResNetOptions Tiny =
        new() { Name = "tiny ResNet", Widths = [4, 8], Blocks = [1, 1], Stem = ResNetStem.Cifar, Classes = 3 };

    private static readonly Preprocessing Pixels = new(8);
    private readonly TemporaryFolder folder = new();
    private readonly IDisposable scope = torch.NewDisposeScope();

    public static TheoryData<string> Heads => [.. Fits.Keys];

    private static readonly Dictionary<string, Func<FeatureBank, IHead>> Fits = new()
    {
        ["nearest centroid"] = bank => NearestCentroid.Fit(bank),
        ["logistic regression"] = bank => LogisticRegression.Fit(bank, new() { Strengths = [0.1] }).Head,
        ["linear probe"] = bank => LinearProbe.Train(bank, new() { Epochs = 1 }).Head,
    };

    [Theory]
    [MemberData(nameof(Heads))]
    public void Should_NameTheClasses_When_AHeadMeetsOtherOnes(string head)
    {
        using var learnt = Fits[head](Bank("cat", "dog", "fish"));
        var error = Assert.Throws<FewShotException>(() => Bank("cat", "dog", "zebra").Predict(learnt));
        Assert.Contains("only the first has 'fish', only the second 'zebra'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Should_NameTheClasses_When_TheirNumbersHaveMoved(string head)
    {
        using var learnt = Fits[head](Bank("bird", "cat", "dog"));
        var error = Assert.Throws<FewShotException>(() => Bank("aardvark", "bird", "cat").Predict(learnt));
        Assert.Contains("only the first has 'dog', only the second 'aardvark'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameThePlace_When_TheOrderDiffers()
    {
        using var learnt = NearestCentroid.Fit(Bank("bird", "cat", "dog"));
        var error = Assert.Throws<FewShotException>(() => Bank("bird", "dog", "cat").Predict(learnt));
        Assert.Contains("class 1 is 'cat' in the first and 'dog' in the second", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Should_CarryClassesFeaturesPreprocessingAndBackbone_When_Fitted(string head)
    {
        using var learnt = Fits[head](Bank("a", "b", "c"));
        Assert.Equal(new LabelledSpace(["a", "b", "c"], 6, Pixels.Key, "abc"), learnt.Space);
    }

    [Fact]
    public void Should_Refuse_When_TheHeadStandsOnAnotherBackbone()
    {
        using var learnt = NearestCentroid.Fit(Bank("a", "b"));
        using var other = FeatureBank.Extract(new FakeExtractor("another"), Images("a", "b"), Pixels);
        var error = Assert.Throws<FewShotException>(() => other.Predict(learnt));
        Assert.Contains("different backbones (SHA-256 abc and another)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheHeadSawOtherPreprocessing()
    {
        using var learnt = NearestCentroid.Fit(Bank("a", "b"));
        using var other = FeatureBank.Extract(new FakeExtractor(), Images("a", "b"), new Preprocessing(6));
        var error = Assert.Throws<FewShotException>(() => other.Scores(learnt));
        Assert.Contains("preprocessing ('bilinear 8", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AHeadOfPlainTensorsIsToPredict()
    {
        var bank = Bank("a", "b");
        using var nameless = NearestCentroid.Fit(bank.Features, bank.Labels, 2);
        var error = Assert.Throws<FewShotException>(() => bank.Predict(nameless));
        Assert.Contains("does not know the names of its classes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ASavedBankMeetsAHeadOfOtherClasses()
    {
        using var learnt = NearestCentroid.Fit(Bank("cat", "dog"));
        var path = Path.Combine(folder.Root, "bank.safetensors");
        Bank("cat", "fish").Save(path);
        using var read = FeatureBank.Load(path);
        Assert.Throws<FewShotException>(() => read.Predict(learnt));
    }

    [Fact]
    public void Should_Refuse_When_AFineTunedNetworkMeetsOtherClasses()
    {
        using var network = FineTuned("cat", "dog", "fish");
        var error = Assert.Throws<FewShotException>(() => NetworkClassifier.Predict(network, Images("cat", "dog", "zebra"), Pixels));
        Assert.Contains("only the first has 'fish', only the second 'zebra'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AFineTunedNetworkMeetsOtherPreprocessing()
    {
        using var network = FineTuned("a", "b", "c");
        var error = Assert.Throws<FewShotException>(() => NetworkClassifier.Predict(network, Images("a", "b", "c"), new Preprocessing(6)));
        Assert.Contains("preprocessing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RefuseToTrainOn_When_TheNetworkHasOtherClasses()
    {
        using var network = FineTuned("a", "b", "c");
        Assert.Throws<FewShotException>(() => new FineTuner(network, Images("a", "b", "d"), null));
    }

    [Fact]
    public void Should_KnowItsClassesAgain_When_ANetworkIsSavedAndLoaded()
    {
        var path = Path.Combine(folder.Root, "network.safetensors");
        using (var network = FineTuned("cat", "dog", "fish"))
            network.Save(path);
        using var read = ResNet.Load(path, Tiny);
        Assert.Equal(new LabelledSpace(["cat", "dog", "fish"], 8, Pixels.Key), read.Space);
    }

    [Fact]
    public void Should_Refuse_When_TheNetworkWasNeverToldItsClasses()
    {
        using var network = new ResNet(Tiny);
        var error = Assert.Throws<FewShotException>(() => NetworkClassifier.Predict(network, Images("a", "b", "c"), Pixels));
        Assert.Contains("NewNetwork(images.ClassNames)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ANetworkIsToStartFromAHeadOfOtherClasses()
    {
        using var head = LogisticRegression.Fit(
            FeatureBank.Extract(new FakeExtractor(), Images("a", "b"), Pixels), new() { Strengths = [0.1] });
        using var network = new ResNet((Tiny with { Widths = [4, 6] }).For(["a", "c"]));
        Assert.Throws<FewShotException>(() => NetworkClassifier.StartFrom(network, head.Head));
    }

    [Fact]
    public void Should_Refuse_When_ThePairedHaveOtherClasses()
    {
        var error = Assert.Throws<FewShotException>(() => new PairedComparison(Guesses("cat", "dog"), Guesses("cat", "fish")));
        Assert.Contains("only the first has 'dog', only the second 'fish'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ThePairedSawOtherImagesWithTheSameLabels()
    {
        using var head = NearestCentroid.Fit(Bank("a", "b"));
        using var others = FeatureBank.Extract(new FakeExtractor(), TinyImages.Make(12, phase: 1, names: ["a", "b"]), Pixels);
        var error = Assert.Throws<FewShotException>(() => new PairedComparison(Bank("a", "b").Predict(head), others.Predict(head)));
        Assert.Contains("same images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Compare_When_ThePairedSawTheSameImagesInTwoSizes()
    {
        using var other = FeatureBank.Extract(new FakeExtractor(), Images("a", "b"), new Preprocessing(6));
        using var first = NearestCentroid.Fit(Bank("a", "b"));
        using var second = NearestCentroid.Fit(other);
        var paired = new PairedComparison(Bank("a", "b").Predict(first), other.Predict(second));
        Assert.NotEqual(paired.First.Preprocessing, paired.Second.Preprocessing);
    }

    [Fact]
    public void Should_Refuse_When_TwoClassesOfPredictionsHaveOneName() =>
        Assert.Throws<FewShotException>(() => Guesses("cat", "cat"));

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    private static ImageSet Images(params string[] names) => TinyImages.Make(12, names.Length, names: names);

    private static FeatureBank Bank(params string[] names) => FeatureBank.Extract(new FakeExtractor(), Images(names), Pixels);

    private static Predictions Guesses(params string[] names) => new(torch.eye(2), torch.arange(2, torch.int64), names);

    private static ResNet FineTuned(params string[] names)
    {
        var network = new ResNet(Tiny);
        using var tuner = new FineTuner(network, Images(names), null, new() { Preprocessing = Pixels, Epochs = 1, FrozenGroups = 3 });
        _ = tuner.Run();
        return network;
    }
}
