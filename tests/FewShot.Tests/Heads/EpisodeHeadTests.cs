using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

/// <summary>What every head of episodes promises.</summary>
public class EpisodeHeadTests
{
    private const double Tolerance = 1e-9;

    private static readonly Dictionary<string, IEpisodeHead> Heads = new IEpisodeHead[]
    {
        new EpisodeCentroid(),
        new EpisodeCentroid(new() { Metric = CentroidMetric.Cosine, Transform = EpisodeTransform.L2N }),
        new EpisodeCentroid(new() { Transform = EpisodeTransform.CL2N with { Power = 0.5 } }),
        new EpisodeRidge(),
        new EpisodeCosine(),
        new EpisodeLogistic(new() { Tolerance = 1e-11 }),
        new LabelPropagation(new() { Neighbours = 6, Share = 0.5 }),
        new LaplacianShot(),
        new AlphaTim(new() { Steps = 50 }),
        new PtMap(),
    }.ToDictionary(head => head.Name);

    public static TheoryData<string> All => [.. Heads.Keys];

    public static TheoryData<string> Inductive => [.. Heads.Values.Where(head => !head.IsTransductive).Select(head => head.Name)];

    public static TheoryData<string> Transductive => [.. Heads.Values.Where(head => head.IsTransductive).Select(head => head.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void Should_ClassifyMostQueriesRightly_When_ClassesDiffer(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(5);
        var scores = Heads[name].Scores(episodes);
        Assert.Equal([EpisodeSamples.Count, EpisodeSamples.Way * EpisodeSamples.Queries, EpisodeSamples.Way], scores.shape);
        var hits = scores.argmax(2).eq(EpisodeSamples.Labels(EpisodeSamples.Queries)).to(torch.float64).mean().item<double>();
        Assert.InRange(hits, 0.8, 1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_GiveTheSameScores_When_TheSupportComesInAnotherOrder(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        using var turned = episodes.With(support: episodes.Support.flip(1), labels: episodes.SupportLabels.flip(1));
        Assert.True(EpisodeSamples.LargestDifference(Heads[name].Scores(episodes), Heads[name].Scores(turned)) < Tolerance);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_OrderTheScoresAsTheQueries_When_TheyComeInAnotherOrder(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        using var turned = episodes.With(query: episodes.Query.flip(1));
        Assert.True(EpisodeSamples.LargestDifference(Heads[name].Scores(episodes).flip(1), Heads[name].Scores(turned)) < Tolerance);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_OrderTheScoresAsTheClasses_When_TheyHaveOtherLabels(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        using var renamed = episodes.With(labels: EpisodeSamples.Way - 1 - episodes.SupportLabels);
        Assert.True(EpisodeSamples.LargestDifference(Heads[name].Scores(episodes).flip(2), Heads[name].Scores(renamed)) < Tolerance);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_NotLookAtOtherEpisodes_When_TheyAreInTheBatch(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        var together = Heads[name].Scores(episodes);
        for (var i = 0; i < EpisodeSamples.Count; i++)
        {
            using var alone = episodes.With(
                episodes.Support.narrow(0, i, 1), episodes.SupportLabels.narrow(0, i, 1), episodes.Query.narrow(0, i, 1));
            Assert.True(EpisodeSamples.LargestDifference(together.narrow(0, i, 1), Heads[name].Scores(alone)) < Tolerance);
        }
    }

    [Theory]
    [MemberData(nameof(Inductive))]
    public void Should_AnswerEachQueryAlone_When_Inductive(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2);
        using var one = episodes.With(query: episodes.Query.narrow(1, 7, 1));
        var together = Heads[name].Scores(episodes).narrow(1, 7, 1);
        Assert.True(EpisodeSamples.LargestDifference(together, Heads[name].Scores(one)) < Tolerance);
    }

    [Theory]
    [MemberData(nameof(Transductive))]
    public void Should_LookAtTheOtherQueries_When_Transductive(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2);
        using var half = episodes.With(query: episodes.Query.narrow(1, 0, 10));
        var together = Heads[name].Scores(episodes).narrow(1, 0, 10);
        Assert.True(EpisodeSamples.LargestDifference(together, Heads[name].Scores(half)) > 1e-4);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_KeepNothingButTheScores_When_Asked(string name)
    {
        using var episodes = EpisodeSamples.Draw(2, torch.float32);
        Heads[name].Scores(episodes).Dispose();
        var before = (Live(), torch.is_grad_enabled());
        using (var scores = Heads[name].Scores(episodes))
            Assert.Equal((torch.float32, false), (scores.dtype, scores.requires_grad));
        Assert.Equal(before, (Live(), torch.is_grad_enabled()));

        static long Live() => DisposeScopeManager.Statistics.ThreadTotalLiveCount;
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Should_StayNearDoublePrecision_When_FeaturesAreSingle(string name)
    {
        using var scope = torch.NewDisposeScope();
        using var wide = EpisodeSamples.Draw(5);
        using var narrow = EpisodeSamples.Draw(5, torch.float32);
        var (expected, found) = (Heads[name].Scores(wide), Heads[name].Scores(narrow).to(torch.float64));
        Assert.True(EpisodeSamples.LargestDifference(expected, found) < 2e-3 * expected.abs().max().item<double>());
    }

    [Fact]
    public void Should_NameTheTransform_When_ThereIsOne()
    {
        Assert.Equal("ridge", new EpisodeRidge().Name);
        Assert.Equal("nearest centroid (CL2N)", new EpisodeCentroid(new() { Transform = EpisodeTransform.CL2N }).Name);
        Assert.Equal("PT-MAP (power 0.5, L2N)", new PtMap().Name);
    }

    [Fact]
    public void Should_Refuse_When_ASettingIsOutOfRange()
    {
        using var episodes = EpisodeSamples.Draw(1);
        IEpisodeHead[] wrong =
        [
            new EpisodeRidge(new() { Strength = 0 }),
            new EpisodeCosine(new() { Momentum = 1 }),
            new EpisodeLogistic(new() { C = double.NaN }),
            new LabelPropagation(new() { Share = 1 }),
            new LaplacianShot(new() { Neighbours = 0 }),
            new AlphaTim(new() { Alpha = 1 }),
            new PtMap(new() { Rate = 0 }),
            new EpisodeCentroid(new() { Transform = new() { Power = -1 } }),
        ];
        Assert.All(wrong, head => Assert.Contains(
            "found", Assert.Throws<FewShotException>(() => head.Scores(episodes)).Message, StringComparison.Ordinal));
    }
}
