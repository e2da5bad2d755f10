using FewShot.Heads;
using FewShot.Tests.Golden;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Tests.Heads;

public class TransductiveHeadTests
{
    [Fact]
    public void Should_EqualScikitLearn_When_LabelsSpreadOverAllExamples()
    {
        // The expected numbers come from Golden/heads.py.
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2);
        var scores = new LabelPropagation(new() { Share = 0.9, Width = 0.3, Neighbours = 100 }).Scores(episodes);
        Assert.True(Formulas.LargestDifference(scores.exp(), GoldenFile.Read("heads.json").Values<double>("label spreading")) < 1e-9);
    }

    [Fact]
    public void Should_CarryLabelsAlongAChain_When_QueriesFormOne()
    {
        // Two chains of points; their far ends lie nearer to the other class's support than to their own.
        using var scope = torch.NewDisposeScope();
        var steps = torch.linspace(0, 6, 13, torch.float64);
        var zero = torch.zeros_like(steps);
        var chains = torch.cat([torch.stack([steps, zero], 1), torch.stack([6 - steps, zero + 2.5], 1)]);
        using var episodes = new EpisodeFeatures(
            chains.index_select(0, torch.tensor(new long[] { 0, 13 })).unsqueeze(0), torch.tensor(new long[,] { { 0, 1 } }),
            chains.unsqueeze(0).clone(), 2);
        var truth = torch.arange(26, torch.int64).ge(13).to(torch.int64);
        var along = new LabelPropagation(new() { Share = 0.99, Neighbours = 2, Width = 0.5, Transform = new() }).Scores(episodes);
        Assert.True(along.argmax(2).eq(truth).all().item<bool>());
        Assert.False(new EpisodeCentroid().Scores(episodes).argmax(2).eq(truth).all().item<bool>());
    }

    [Fact]
    public void Should_BeNearestCentroid_When_NeighboursWeighNothing()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        var found = new LaplacianShot(new() { Weight = 0, IsRectified = false }).Scores(episodes);
        var expected = new EpisodeCentroid(new() { Transform = EpisodeTransform.CL2N }).Scores(episodes);
        Assert.True(EpisodeSamples.LargestDifference(expected, found) < 1e-12);
    }

    [Fact]
    public void Should_StandStill_When_LaplacianShotHasDescended()
    {
        // A fixed point: the answers are what the distances and the neighbours' answers say.
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(3);
        var longer = new LaplacianShot(new() { Steps = 2000 }).Scores(episodes);
        Assert.True(EpisodeSamples.LargestDifference(longer, new LaplacianShot(new() { Steps = 2001 }).Scores(episodes)) < 1e-9);
    }

    [Fact]
    public void Should_HaveTheGradientOfFiniteDifferences_When_AlphaTimMoves()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2);
        var head = new AlphaTim(new() { Alpha = 2.5, Temperature = 3 });
        var chunk = new EpisodeChunk(0, episodes.Support, episodes.SupportLabels, episodes.Query, EpisodeSamples.Way);
        var weights = chunk.Centroids();
        var gradient = head.Gradient(weights, chunk);
        for (var i = 0; i < weights[0].numel(); i += 7)
        {
            var shift = torch.zeros_like(weights);
            shift[0].view(-1)[i].fill_(1e-5);
            var slope = (head.Loss(weights + shift, chunk) - head.Loss(weights - shift, chunk))[0].item<double>() / 2e-5;
            Assert.Equal(slope, gradient[0].view(-1)[i].item<double>(), 1e-8);
        }
    }

    [Fact]
    public void Should_StepAsPyTorchsAdam_When_AlphaTimMoves()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(2);
        var options = new AlphaTimOptions { Steps = 20, LearningRate = 0.01, Transform = new() };
        var head = new AlphaTim(options);
        var chunk = new EpisodeChunk(0, episodes.Support, episodes.SupportLabels, episodes.Query, EpisodeSamples.Way);
        using var weights = new Parameter(chunk.Centroids());
        using var adam = torch.optim.Adam([weights], options.LearningRate);
        for (var step = 0; step < options.Steps; step++)
        {
            adam.zero_grad();
            head.Loss(weights, chunk).sum().backward();
            _ = adam.step();
        }

        var expected = torch.cdist(episodes.Query, weights.detach()).square() * (-options.Temperature / 2);
        Assert.True(EpisodeSamples.LargestDifference(expected, head.Scores(episodes)) < 1e-9);
    }

    [Fact]
    public void Should_DealOutAsManyQueriesToEachClass_When_PtMapTransports()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(1);
        var dealt = new PtMap().Scores(episodes).exp();
        Assert.True((dealt.sum(2) - 1).abs().max().item<double>() < 1e-5);
        Assert.True((dealt.sum(1) - EpisodeSamples.Queries).abs().max().item<double>() < 1e-4);
    }

    [Fact]
    public void Should_FillEveryClass_When_AllQueriesAreOfOne()
    {
        // PT-MAP supposes as many queries of each class, right or wrong; alpha-TIM does not.
        using var scope = torch.NewDisposeScope();
        using var drawn = EpisodeSamples.Draw(5);
        var rows = torch.arange(EpisodeSamples.Queries, torch.int64) * EpisodeSamples.Way;
        using var episodes = drawn.With(query: drawn.Query.index_select(1, rows));
        Assert.Equal(1.0 / EpisodeSamples.Way, Share(new PtMap()), 1e-4);
        Assert.InRange(Share(new AlphaTim()), 0.4, 1);

        double Share(IEpisodeHead head) => head.Scores(episodes).softmax(2).select(2, 0).mean().item<double>();
    }
}
