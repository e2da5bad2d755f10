using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class CosineTests
{
    [Fact]
    public void Should_HaveTheGradientOfFiniteDifferences_When_Evaluated()
    {
        using var scope = torch.NewDisposeScope();
        var (examples, targets, weights) = (Units(Episodes().Support), Targets(), EpisodeSamples.Draw(1).Support);
        var gradient = CosineDescent.Gradient(weights, examples, targets, 10);
        for (var i = 0; i < weights[0].numel(); i += 7)
        {
            var shift = torch.zeros_like(weights);
            shift[0].view(-1)[i].fill_(1e-5);
            var slope = (LossAt(weights + shift) - LossAt(weights - shift)) / 2e-5;
            Assert.Equal(slope, gradient[0].view(-1)[i].item<double>(), 1e-8);
        }

        double LossAt(torch.Tensor at) =>
            torch.nn.functional.cross_entropy((examples.bmm(Units(at).transpose(1, 2)) * 10)[0], EpisodeSamples.Labels(3)).item<double>();
    }

    [Fact]
    public void Should_BeNearestCentroidByCosine_When_ThereAreNoSteps()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = Episodes();
        var found = new EpisodeCosine(new() { Steps = 0, Scale = 4 }).Scores(episodes);
        var expected = new EpisodeCentroid(new() { Metric = CentroidMetric.Cosine, Transform = EpisodeTransform.L2N }).Scores(episodes);
        Assert.True(EpisodeSamples.LargestDifference(4 * expected, found) < 1e-12);
    }

    [Fact]
    public void Should_ReachAZeroGradient_When_StepsAreMany()
    {
        using var scope = torch.NewDisposeScope();
        var examples = Units(Episodes().Support);
        var options = new CosineOptions { Scale = 1, LearningRate = 1, Steps = 3000 };
        var weights = CosineDescent.Train(examples, Targets(), options);
        Assert.True(CosineDescent.Gradient(weights, examples, Targets(), 1).abs().max().item<double>() < 1e-8);
        Assert.True((weights.norm(2, p: 2) - 1).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void Should_EqualTheHeadOfAWholeDataSet_When_OptionsAreTheSame()
    {
        // The episodes are trained in the span of the support, the data set with all features.
        using var scope = torch.NewDisposeScope();
        using var episodes = Episodes();
        using var head = CosineHead.Train(episodes.Support[2], episodes.SupportLabels[2], EpisodeSamples.Way);
        var scores = new EpisodeCosine().Scores(episodes)[2];
        Assert.True(EpisodeSamples.LargestDifference(scores.to(torch.float32), head.Scores(episodes.Query[2])) < 1e-5);
    }

    [Fact]
    public void Should_IgnoreTheOffset_When_Centred()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(10, 6);
        using var plain = CosineHead.Train(features, labels, 2, isCentred: true);
        using var moved = CosineHead.Train(features + 50, labels, 2, isCentred: true);
        Assert.True(EpisodeSamples.LargestDifference(plain.Scores(features), moved.Scores(features + 50)) < 1e-3);
    }

    [Fact]
    public void Should_SeparateClasses_When_TheyLieApart()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(10, 6);
        using var head = CosineHead.Train(features, labels, 2);
        Assert.True(head.Scores(features).argmax(1).eq(labels).all().item<bool>());
    }

    [Fact]
    public void Should_KeepOnlyTheHead_When_Trained()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(10, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        CosineHead.Train(features, labels, 2).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_ASettingIsOutOfRange()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(2, 4);
        Assert.Throws<FewShotException>(() => CosineHead.Train(features, labels, 2, new() { Scale = 0 }));
    }

    private static EpisodeFeatures Episodes() => EpisodeSamples.Draw(3);

    private static torch.Tensor Targets() =>
        torch.nn.functional.one_hot(Episodes().SupportLabels, EpisodeSamples.Way).to(torch.float64);

    private static torch.Tensor Units(torch.Tensor features) => torch.nn.functional.normalize(features, dim: 2);
}
