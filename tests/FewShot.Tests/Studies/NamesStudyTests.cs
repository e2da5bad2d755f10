using FewShot.Course;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using FewShot.Text;
using FewShot.Transfer;
using FewShot.Trials;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class NamesStudyTests(NamesStudyTests.Ran ran) : IClassFixture<NamesStudyTests.Ran>
{
    private static readonly NamesOptions Tiny = new()
    {
        Size = 16,
        Ways = [3],
        Shots = [1, 2],
        Queries = 3,
        BaseImagesPerClass = 3,
        Strengths = [0.01, 0.1],
        ImageShares = [0, 0.5, 1],
        ValidationEpisodes = 4,
        TestEpisodes = 5,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_HoldWhatTheEvaluatorFinds_When_ImagesAloneAreJudged()
    {
        using var images = ran.Split.Train.Select(Subset.Draw(ran.Split.Train, 3, 0));
        using var known = Bank(images);
        using var bank = Bank(ran.Split.Test);
        var list = EpisodeList.Draw(ran.Split.Test, new EpisodeOptions(3, 2, 3), Tiny.TestEpisodes, Tiny.TestSeed);
        var head = new EpisodeCentroid(new() { Transform = EpisodeTransform.CL2N.CentredOn(known.Features) });
        var expected = new Evaluator(list, ran.Split.Test).Run(new FeatureMethod(head, bank), MethodHistory.Nothing).Accuracy;
        Assert.Equal((expected.Mean, expected.Interval), NamesStudy.Accuracy(ran.Record, NamesStudy.Images, 2, 3));
    }

    [Fact]
    public void Should_HoldTheDifferenceOfTheMeans_When_Run()
    {
        var (gain, interval) = NamesStudy.Gain(ran.Record, 1, 3);
        var both = NamesStudy.Accuracy(ran.Record, NamesStudy.Both, 1, 3).Mean;
        Assert.Equal(both - NamesStudy.Accuracy(ran.Record, NamesStudy.Images, 1, 3).Mean, gain, 12);
        Assert.InRange(gain, interval.Low, interval.High);
    }

    [Fact]
    public void Should_HoldEveryShareThatWasTried_When_Run() =>
        Assert.Equal([0, 0.5, 1], NamesStudy.Shares(ran.Record, 2).Select(one => one.Share));

    [Fact]
    public void Should_JudgeTheClassesThatImageNetLacks_When_ThereAreEnough()
    {
        // "test 0" to "test 3": near no name of ImageNet.
        Assert.InRange(NamesStudy.Accuracy(ran.Record, NamesStudy.Names, 0, 3, NamesStudy.Groups[1]).Mean, 0, 1);
        var error = Assert.Throws<FewShotException>(() => NamesStudy.Gain(ran.Record, 1, 3, NamesStudy.Groups[0]));
        Assert.Contains("classes that ImageNet has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_FitAndChooseTheSame_When_TheTestImagesAreOthers()
    {
        using var other = new ClassSplit(Set("training", 6), Set("validation", 4), Set("test", 4, noise: 90));
        Assert.NotEqual(ran.Split.Test.Digest, other.Test.Digest);
        var record = ran.Run(other);
        var chosen = ran.Record.Results.Where(entry => entry.Key.StartsWith("validation", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(chosen);
        Assert.All(chosen, entry => Assert.Equal(entry.Value, record.Results[entry.Key]));
        string Choices(RunRecord one) => one.Protocol![one.Protocol!.IndexOf("Chosen:", StringComparison.Ordinal)..];
        Assert.Equal(Choices(ran.Record), Choices(record));
    }

    [Fact]
    public void Should_KeepNoTensor_When_Run() => Assert.Equal(0, ran.TensorsLeft);

    [Fact]
    public void Should_FindCounterpartsByWordsAndByMeaning_When_AskedAboutImageNet()
    {
        var found = NamesStudy.Counterparts(ran.Encoder, ["leopard", "sweet_pepper", "woman"], 0.6);
        Assert.Equal([true, true, false], found.Select(one => one.HasCounterpart));
        Assert.Equal(("leopard", "bell pepper"), (found[0].Nearest, found[1].Nearest));
        Assert.Equal(1, found[0].Cosine, 1e-5);
    }

    [Fact]
    public void Should_RefuseTheSettings_When_ThereIsNoStrength()
    {
        var error = Assert.Throws<FewShotException>(() => new NamesStudy(
            ran.Split, ran.Material.Backbone, new Preprocessing(), ran.Encoder, "nowhere", Tiny with { Strengths = [] }));
        Assert.Contains("0 strengths", error.Message, StringComparison.Ordinal);
    }

    private FeatureBank Bank(ImageSet images) =>
        FeatureBank.Extract(ran.Material.Backbone, images, new Preprocessing(16), new() { Mirrored = true });

    /// <summary>A study that all tests of this class look at.</summary>
    public sealed class Ran : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Ran()
        {
            Torch.Load();
            Material = TinyMaterial.Make();
            Encoder = SentenceEncoder.Packaged();
            Split = new ClassSplit(Set("training", 6), Set("validation", 4), Set("test", 4));
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Record = Run(Split);
            TensorsLeft = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        }

        internal CourseMaterial Material { get; }

        internal SentenceEncoder Encoder { get; }

        internal ClassSplit Split { get; }

        public RunRecord Record { get; }

        public long TensorsLeft { get; }

        internal RunRecord Run(ClassSplit split) => new NamesStudy(
            split, Material.Backbone, new Preprocessing(), Encoder, folder.At("work"), Tiny).Run(Token);

        public void Dispose()
        {
            Split.Dispose();
            Encoder.Dispose();
            Material.Dispose();
            folder.Dispose();
        }
    }

    private static ImageSet Set(string name, int classes, int noise = 200) => StripedImages.Make(name, classes, perClass: 10, noise);
}
