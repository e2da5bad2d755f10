using FewShot.Course;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using FewShot.Transfer;
using FewShot.Trials;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class FrozenEpisodesStudyTests(FrozenEpisodesStudyTests.Ran ran) : IClassFixture<FrozenEpisodesStudyTests.Ran>
{
    private static readonly FrozenEpisodesOptions Tiny = new()
    {
        Sizes = [16, 24],
        Way = 3,
        Shots = [1],
        Queries = 3,
        BaseImagesPerClass = 2,
        ValidationEpisodes = 4,
        TestEpisodes = 5,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("balanced queries")]
    [InlineData("Dirichlet queries")]
    public void Should_HoldWhatTheEvaluatorFinds_When_ARowIsJudged(string queries)
    {
        // Which size was chosen stands in the protocol.
        var size = ran.Record.Protocol!.Contains("nearest centroid 1-shot at 24 px", StringComparison.Ordinal) ? 24 : 16;
        Assert.Contains($"nearest centroid 1-shot at {size} px", ran.Record.Protocol, StringComparison.Ordinal);
        using var bank = FeatureBank.Extract(
            ran.Material.Backbone, ran.Split.Test, new Preprocessing(size), new FeatureBankOptions { Mirrored = true });
        var form = new EpisodeOptions(3, 1, 3);
        var list = EpisodeList.Draw(
            ran.Split.Test,
            queries == FrozenEpisodesStudy.Queries[0] ? form : form.WithDirichletQueries(),
            Tiny.TestEpisodes,
            Tiny.TestSeed);
        var expected = new Evaluator(list, ran.Split.Test).Run(new FeatureMethod(new EpisodeCentroid(), bank), MethodHistory.Nothing);
        var (mean, interval) = FrozenEpisodesStudy.Accuracy(ran.Record, "nearest centroid", 1, queries);
        Assert.Equal((expected.Accuracy.Mean, expected.Accuracy.Interval), (mean, interval));
    }

    [Fact]
    public void Should_HoldEveryMethodWithBothKindsOfQueries_When_Run() =>
        Assert.All(FrozenEpisodesStudy.Methods, method => Assert.All(FrozenEpisodesStudy.Queries, queries =>
            Assert.InRange(FrozenEpisodesStudy.Accuracy(ran.Record, method.Name, 1, queries).Mean, 0, 1)));

    [Fact]
    public void Should_KeepNoTensor_When_Run() => Assert.Equal(0, ran.TensorsLeft);

    // Times are in the results: they would differ if anything were judged again.
    [Fact]
    public void Should_ReadTheRowsThatItHas_When_RunAgain() => Assert.Equal(ran.Record.Results, ran.Run().Results);

    [Fact]
    public void Should_GiveNoScore_When_ATestClassWasTrainedOn()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        using var training = Set("training", 4, "test 0");
        using var split = new ClassSplit(training, Set("validation", 4), Set("test", 4));
        var study = new FrozenEpisodesStudy(split, material.Backbone, new Preprocessing(), folder.At("work"), Tiny);
        Assert.Contains("test 0", Assert.Throws<FewShotException>(() => study.Run(Token)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_RefuseTheSettings_When_ThereIsNoSize()
    {
        using var material = TinyMaterial.Make();
        using var split = MakeSplit();
        var error = Assert.Throws<FewShotException>(
            () => new FrozenEpisodesStudy(split, material.Backbone, new Preprocessing(), "nowhere", Tiny with { Sizes = [] }));
        Assert.Contains("at least one size", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A study that all tests of this class look at.</summary>
    public sealed class Ran : IDisposable
    {
        private readonly TemporaryFolder folder = new();

        public Ran()
        {
            Torch.Load();
            Material = TinyMaterial.Make();
            Split = MakeSplit();
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            Record = Run();
            TensorsLeft = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        }

        internal CourseMaterial Material { get; }

        internal ClassSplit Split { get; }

        public RunRecord Record { get; }

        public long TensorsLeft { get; }

        public RunRecord Run() =>
            new FrozenEpisodesStudy(Split, Material.Backbone, new Preprocessing(), folder.At("work"), Tiny).Run(Token);

        public void Dispose()
        {
            Split.Dispose();
            Material.Dispose();
            folder.Dispose();
        }
    }

    private static ClassSplit MakeSplit() => new(Set("training", 4), Set("validation", 4), Set("test", 4));

    private static ImageSet Set(string name, int classes, string? firstClass = null) =>
        StripedImages.Make(name, classes, perClass: 10, noise: 200, firstClass);
}
