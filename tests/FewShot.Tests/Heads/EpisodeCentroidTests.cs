using FewShot.Heads;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class EpisodeCentroidTests
{
    [Fact]
    public void Should_EqualTheHeadOfAWholeDataSet_When_EuclideanOrCosine()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(4);
        foreach (var metric in Enum.GetValues<CentroidMetric>())
        {
            var scores = new EpisodeCentroid(new() { Metric = metric }).Scores(episodes);
            using var whole = NearestCentroid.Fit(
                episodes.Support[1], episodes.SupportLabels[1], EpisodeSamples.Way, new() { Metric = metric });
            Assert.True(EpisodeSamples.LargestDifference(scores[1], whole.Scores(episodes.Query[1])) < 1e-6);
        }
    }

    [Fact]
    public void Should_MeasureToTheMean_When_ClassesHaveUnequalShots()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = new EpisodeFeatures(
            torch.tensor(new[, ,] { { { 0f, 0 }, { 5, 5 }, { 2, 0 } } }), torch.tensor(new long[,] { { 0, 1, 0 } }),
            torch.tensor(new[, ,] { { { 1f, 1 } } }), 2);
        // Class means (1, 0) and (5, 5); squared distances from (1, 1): 1 and 32.
        Assert.True(Formulas.LargestDifference(new EpisodeCentroid().Scores(episodes), -1, -32) < 1e-5);
    }

    [Fact]
    public void Should_KeepItsDigits_When_FeaturesLieFarFromTheOrigin()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2, torch.float32);
        using var far = episodes.With(support: episodes.Support + 1000, query: episodes.Query + 1000);
        Assert.True(EpisodeSamples.LargestDifference(new EpisodeCentroid().Scores(episodes), new EpisodeCentroid().Scores(far)) < 0.01);
    }

    [Fact]
    public void Should_GiveEveryEpisodeItsPlace_When_TheyAreCutIntoPieces()
    {
        // Of 8,000 features a hundred episodes make several pieces.
        using var scope = torch.NewDisposeScope();
        var centres = torch.eye(2).repeat([1, 4000]);
        var support = centres.unsqueeze(0).repeat([100, 1, 1]) + torch.arange(100, dtype: torch.float32).view(100, 1, 1);
        using var episodes = new EpisodeFeatures(
            support, torch.tensor(new long[] { 0, 1 }).repeat([100, 1]), support.narrow(1, 1, 1).clone(), 2);
        var scores = new EpisodeCentroid().Scores(episodes);
        Assert.True((scores.select(2, 1)).abs().max().item<float>() < 0.1);
        Assert.True((scores.select(2, 0) + 8000).abs().max().item<float>() < 0.1);
    }
}
