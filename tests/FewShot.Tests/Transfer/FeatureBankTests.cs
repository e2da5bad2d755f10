using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class FeatureBankTests : IDisposable
{
    private static readonly Preprocessing Pixels = new(8);

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_SeeEachImageOnce_When_Extracting()
    {
        using var images = TinyImages.Make(10);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels, new() { ChunkSize = 4 });
        Assert.Equal((10, 4), (backbone.Images, backbone.LargestBatch));
        Assert.Equal([1L, 10, 6], bank.Views.shape);
        Assert.Equal(images.LabelValues, bank.Labels.data<long>().ToArray());
    }

    [Fact]
    public void Should_NotDependOnTheChunk_When_Extracting()
    {
        using var images = TinyImages.Make(10);
        using var backbone = new FakeExtractor();
        using var small = FeatureBank.Extract(backbone, images, Pixels, new() { ChunkSize = 3 });
        using var large = FeatureBank.Extract(backbone, images, Pixels);
        Assert.True(small.Features.allclose(large.Features));
    }

    [Fact]
    public void Should_HoldTheMirrorImage_When_AskedForIt()
    {
        using var images = TinyImages.Make(3);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels, new() { Mirrored = true });
        using var scope = torch.NewDisposeScope();
        using var flipped = new FewShot.Data.ImageSet("flipped", images.Images.flip(3), images.Labels.clone(), images.ClassNames);
        using var expected = FeatureBank.Extract(backbone, flipped, Pixels);
        Assert.True(bank.Views[1].allclose(expected.Views[0]));
        Assert.False(bank.Views[1].allclose(bank.Views[0]));
        Assert.True(bank.Features.allclose((bank.Views[0] + bank.Views[1]) / 2));
    }

    [Fact]
    public void Should_VaryByTheSeedAlone_When_ViewsAreAugmented()
    {
        using var images = TinyImages.Make(7);
        using var backbone = new FakeExtractor();
        var options = new FeatureBankOptions { AugmentedViews = 3, Augmentation = new() { CropPadding = 2, Brightness = 0.4 }, Seed = 5 };
        using var large = FeatureBank.Extract(backbone, images, Pixels, options);
        using var small = FeatureBank.Extract(backbone, images, Pixels, options with { ChunkSize = 2 });
        using var other = FeatureBank.Extract(backbone, images, Pixels, options with { Seed = 6 });
        using var plain = FeatureBank.Extract(backbone, images, Pixels);
        Assert.Equal([4L, 7, 6], large.Views.shape);
        Assert.True(large.Views.allclose(small.Views));
        Assert.True(large.Views[0].allclose(plain.Views[0]));
        Assert.False(large.Views[1].allclose(large.Views[2]));
        Assert.False(large.Views[1].allclose(other.Views[1]));
        Assert.NotEqual(large.Source.Digest, other.Source.Digest);
    }

    [Fact]
    public void Should_ReportEveryChunk_When_Extracting()
    {
        var reports = new List<StepProgress>();
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels, new() { ChunkSize = 2 }, new Now(reports.Add));
        Assert.Equal([0L, 2, 4, 5], reports.Select(report => report.Done));
    }

    [Fact]
    public void Should_ComeBackEqual_When_SavedAndLoaded()
    {
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels, new() { Mirrored = true });
        bank.Save(folder.At("bank.safetensors"));
        using var read = FeatureBank.Load(folder.At("bank.safetensors"), bank.Source);
        Assert.True(read.Views.equal(bank.Views).all().item<bool>());
        Assert.True(read.Labels.equal(bank.Labels).all().item<bool>());
        Assert.Equal(bank.ToString(), read.ToString());
        Assert.Equal(bank.ClassNames, read.ClassNames);
    }

    [Fact]
    public void Should_NotRecompute_When_TheCacheHasIt()
    {
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var first = FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels);
        using var second = FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels);
        Assert.Equal(5, backbone.Images);
        Assert.True(first.Views.equal(second.Views).all().item<bool>());
    }

    [Fact]
    public void Should_Recompute_When_DataWeightsPreprocessingOrViewsDiffer()
    {
        using var images = TinyImages.Make(5);
        using var others = TinyImages.Make(5, phase: 1);
        using var backbone = new FakeExtractor();
        using var otherWeights = new FakeExtractor("def");
        FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels).Dispose();
        FeatureBank.ExtractOrLoad(folder.Root, backbone, others, Pixels).Dispose();
        FeatureBank
            .ExtractOrLoad(folder.Root, backbone, images, Pixels with { Normalisation = new ChannelNormalisation { Mean = [0, 0, 0] } })
            .Dispose();
        FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels, new() { Mirrored = true }).Dispose();
        FeatureBank.ExtractOrLoad(folder.Root, otherWeights, images, Pixels).Dispose();
        Assert.Equal((5 * 3) + 10, backbone.Images);
        Assert.Equal(5, otherWeights.Images);
        Assert.Equal(5, Directory.GetFiles(folder.Root).Length);
    }

    [Fact]
    public void Should_RecomputeAndReplace_When_TheCacheIsTruncated()
    {
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var first = FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels);
        var file = Assert.Single(Directory.GetFiles(folder.Root));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^8]);
        using var second = FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels);
        using var third = FeatureBank.ExtractOrLoad(folder.Root, backbone, images, Pixels);
        Assert.Equal(10, backbone.Images);
        Assert.True(first.Views.equal(third.Views).all().item<bool>());
    }

    [Fact]
    public void Should_ReturnTheFeaturesWithOneWarning_When_TheCacheCannotBeWritten()
    {
        using var images = TinyImages.Make(5);
        using var expected = FeatureBank.Extract(new FakeExtractor(), images, new Preprocessing(8));
        using var heard = new HeardWarnings();
        using var found = FeatureBank.ExtractOrLoad(heard.BlockedFolder, new FakeExtractor(), images, new Preprocessing(8));
        Assert.Equal(expected.Views.data<float>().ToArray(), found.Views.data<float>().ToArray());
        Assert.Contains("computed again the next time", Assert.Single(heard.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayDamaged_When_OneByteOfTheFeaturesChanged()
    {
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels);
        var path = folder.At("bank.safetensors");
        bank.Save(path);
        var bytes = File.ReadAllBytes(path);
        bytes[^3] ^= 1;
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<FewShotException>(() => FeatureBank.Load(path));
        Assert.Contains("damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatDiffers_When_AnotherSourceIsExpected()
    {
        using var images = TinyImages.Make(5);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels);
        bank.Save(folder.At("bank.safetensors"));
        var error = Assert.Throws<FewShotException>(
            () => FeatureBank.Load(folder.At("bank.safetensors"), bank.Source with { Weights = "def" }));
        Assert.Contains("weights 'abc' where 'def' was asked for", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("images '", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheFileHoldsOtherTensors()
    {
        using var scope = torch.NewDisposeScope();
        FewShot.SafeTensors.TensorFile.Write(
            folder.At("other.safetensors"), new Dictionary<string, torch.Tensor> { ["x"] = torch.zeros(2) });
        var error = Assert.Throws<FewShotException>(() => FeatureBank.Load(folder.At("other.safetensors")));
        Assert.Contains("not a feature bank", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TakeTheseImages_When_Selecting()
    {
        using var images = TinyImages.Make(6, classes: 3);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels);
        using var part = bank.Select([4, 1]);
        Assert.Equal([1L, 1], part.Labels.data<long>().ToArray());
        Assert.True(part.Features[0].equal(bank.Features[4]).all().item<bool>());
        Assert.NotEqual(bank.Source.Digest, part.Source.Digest);
        Assert.Throws<FewShotException>(() => bank.Select([6]));
    }

    [Fact]
    public void Should_PutFeaturesSideBySide_When_Concatenating()
    {
        using var images = TinyImages.Make(4);
        using var backbone = new FakeExtractor();
        using var one = FeatureBank.Extract(backbone, images, Pixels);
        using var two = FeatureBank.Extract(backbone, images, new Preprocessing(4));
        using var both = FeatureBank.Concatenate(one, two);
        Assert.Equal(12, both.FeatureCount);
        Assert.True(both.Features.narrow(1, 6, 6).equal(two.Features).all().item<bool>());
        using var part = one.Select([0, 1]);
        Assert.Throws<FewShotException>(() => FeatureBank.Concatenate(one, part));
    }

    [Fact]
    public void Should_AverageScores_When_PredictingFromViews()
    {
        using var images = TinyImages.Make(12);
        using var backbone = new FakeExtractor();
        using var bank = FeatureBank.Extract(backbone, images, Pixels, new() { Mirrored = true });
        using var head = NearestCentroid.Fit(bank);
        Assert.Equal(1, bank.Predict(head).Accuracy.Value);
    }

    [Fact]
    public void Should_Refuse_When_AFeatureIsNotANumber()
    {
        using var images = TinyImages.Make(2);
        using var backbone = new FakeExtractor(change: features => features / 0);
        var error = Assert.Throws<FewShotException>(() => FeatureBank.Extract(backbone, images, Pixels));
        Assert.Contains("not a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepOnlyTheBank_When_Extracting()
    {
        using var images = TinyImages.Make(9);
        using var backbone = new FakeExtractor();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        FeatureBank.Extract(backbone, images, Pixels, new() { ChunkSize = 2, Mirrored = true }).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private sealed class Now(Action<StepProgress> report) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => report(value);
    }
}
