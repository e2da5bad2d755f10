using System.Text.Json;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class EpisodeLogisticTests
{
    // scikit-learn's own numbers, made by Golden/heads.py.
    private static readonly JsonElement Expected = GoldenFile.Read("heads.json");

    [Theory]
    [InlineData("logistic 1 shot", 1, 1, true)]
    [InlineData("logistic 5 shots", 5, 1, true)]
    [InlineData("logistic 5 shots, C 100, as they are", 5, 100, false)]
    [InlineData("logistic 8 shots, C 0.1", 8, 0.1, true)]
    public void Should_EqualScikitLearn_When_Solved(string name, int shot, double c, bool isUnitLength)
    {
        // With 8 shots there are more examples than features, so that the problem is not turned into the span of the support.
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(shot);
        var options = new EpisodeLogisticOptions { C = c, Transform = new() { IsUnitLength = isUnitLength }, Tolerance = 1e-10 };
        using var result = new EpisodeLogistic(options).Solve(episodes);
        Assert.All(result.IsConverged, Assert.True);
        Assert.True(Formulas.LargestDifference(result.Scores.softmax(2), Expected.Values<double>(name)) < 1e-6);
    }

    [Fact]
    public void Should_EqualTheHeadOfAWholeDataSet_When_ThePenaltyIsTheSame()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(5);
        var scores = new EpisodeLogistic(new() { Transform = new(), Tolerance = 1e-11 }).Scores(episodes);
        var options = new LogisticRegressionOptions { Scaling = FeatureScaling.None, Strengths = [1.0 / 25], Tolerance = 1e-10 };
        using var whole = LogisticRegression.Fit(episodes.Support[1], episodes.SupportLabels[1], EpisodeSamples.Way, options);
        Assert.True(EpisodeSamples.LargestDifference(scores[1].softmax(1), whole.Head.Scores(episodes.Query[1]).softmax(1)) < 1e-5);
    }

    [Fact]
    public void Should_HaveTheGradientOfFiniteDifferences_When_Evaluated()
    {
        using var scope = torch.NewDisposeScope();
        var (problem, inputs) = Problem();
        var point = EpisodeSamples.Draw(1).Support.narrow(2, 0, 5).clone();
        var gradient = problem.Gradient(point, inputs.bmm(point.transpose(1, 2)).softmax(2));
        for (var i = 0; i < point[0].numel(); i++)
        {
            var shift = torch.zeros_like(point);
            shift[0].view(-1)[i].fill_(1e-5);
            var slope = (LossAt(point + shift) - LossAt(point - shift)) / 2e-5;
            Assert.Equal(slope, gradient[0].view(-1)[i].item<double>(), 1e-8);
        }

        double LossAt(torch.Tensor at) => problem.Loss(at, inputs.bmm(at.transpose(1, 2)))[0].item<double>();
    }

    [Fact]
    public void Should_ReachAZeroGradient_When_Minimised()
    {
        using var scope = torch.NewDisposeScope();
        var (problem, inputs) = Problem();
        var minimum = problem.Minimise(1e-11, 100);
        var gradient = problem.Gradient(minimum.Point, inputs.bmm(minimum.Point.transpose(1, 2)).softmax(2));
        Assert.True(gradient.abs().max().item<double>() < 1e-11);
    }

    [Fact]
    public void Should_SayWhichEpisodesAreOpen_When_StepsRunOut()
    {
        using var scope = torch.NewDisposeScope();
        using var drawn = EpisodeSamples.Draw(5);
        // An episode whose features are all zero is solved where it starts.
        var support = drawn.Support.clone();
        _ = support[1].fill_(0);
        using var episodes = drawn.With(support: support);
        var head = new EpisodeLogistic(new() { MaximumSteps = 1, Tolerance = 1e-9 });
        using var result = head.Solve(episodes);
        Assert.Equal([false, true, false], result.IsConverged);
        Assert.True(result.GradientNorms[0] > 1e-9);
        var error = Assert.Throws<FewShotException>(() => head.Scores(episodes));
        Assert.Contains("in 2 of 3 episodes within 1 steps", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Converge_When_ThePenaltyIsWeakAndFeaturesAreLarge()
    {
        using var scope = torch.NewDisposeScope();
        using var drawn = EpisodeSamples.Draw(5);
        using var episodes = drawn.With(support: drawn.Support * 30, query: drawn.Query * 30);
        using var result = new EpisodeLogistic(new() { C = 1000, Transform = new() }).Solve(episodes);
        Assert.All(result.IsConverged, Assert.True);
    }

    private static (LogisticNewton Problem, torch.Tensor Inputs) Problem()
    {
        var episodes = EpisodeSamples.Draw(3);
        var coordinates = episodes.Support.narrow(2, 0, 4);
        var targets = torch.nn.functional.one_hot(episodes.SupportLabels, EpisodeSamples.Way).to(torch.float64);
        var inputs = torch.cat([coordinates, torch.ones([.. coordinates.shape[..2], 1], torch.float64)], 2);
        return (new LogisticNewton(coordinates, targets, 0.1), inputs);
    }
}
