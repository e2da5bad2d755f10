using System.Text.Json;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class RidgeTests
{
    // scikit-learn's own numbers, made by Golden/heads.py.
    private static readonly JsonElement Expected = GoldenFile.Read("heads.json").GetProperty("ridge");
    private static readonly RidgeHeadOptions Plain = new() { Scaling = FeatureScaling.None, Strengths = [0.3] };

    [Fact]
    public void Should_SolveTheNormalEquations_When_ThereAreMoreExamplesThanFeatures()
    {
        using var scope = torch.NewDisposeScope();
        Assert.True(Residual(Formulas.Features(20, 4).unsqueeze(0), 0.3).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void Should_SolveTheNormalEquations_When_ThereAreFewerExamplesThanFeatures()
    {
        using var scope = torch.NewDisposeScope();
        var inputs = torch.stack([Formulas.Features(6, 40), Formulas.Features(6, 40).flip(1)]);
        Assert.True(Residual(inputs, 0.02).abs().max().item<double>() < 1e-12);
    }

    [Fact]
    public void Should_LetTheGradientThrough_When_Differentiated()
    {
        using var scope = torch.NewDisposeScope();
        var (inputs, targets) = (Formulas.Features(3, 6).unsqueeze(0).requires_grad_(), torch.eye(3, dtype: torch.float64).unsqueeze(0));
        var gradient = Autograd.Gradients(RidgeSolver.Weights(inputs, targets, 0.5).square().sum(), [inputs])[0];
        using var noGradient = torch.no_grad();
        var shift = torch.zeros_like(inputs);
        shift[0, 1, 2].fill_(1e-5);
        var slope = (LengthAt(inputs + shift) - LengthAt(inputs - shift)) / 2e-5;
        Assert.Equal(slope, gradient[0, 1, 2].item<double>(), 1e-8);

        double LengthAt(torch.Tensor at) => RidgeSolver.Weights(at, targets, 0.5).square().sum().item<double>();
    }

    [Fact]
    public void Should_EqualTheRegressionWithAColumnOfOnes_When_AskedForEpisodes()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = EpisodeSamples.Draw(1);
        var scores = new EpisodeRidge(new() { Strength = 0.5, Scale = 2, Bias = -1 }).Scores(episodes);
        var ones = torch.ones([5, 1], torch.float64);
        var (x, q) = (torch.cat([episodes.Support[1], ones], 1), torch.cat([episodes.Query[1], ones.repeat([4, 1])], 1));
        // The plain formula, D x D: (X'X + N strength I)^-1 X'Y.
        var weights = torch.linalg.inv(x.t().mm(x) + (5 * 0.5 * torch.eye(33, dtype: torch.float64))).mm(x.t());
        Assert.True(EpisodeSamples.LargestDifference((2 * q.mm(weights)) - 1, scores[1]) < 1e-10);
    }

    [Fact]
    public void Should_EqualScikitLearn_When_FittedToADataSet()
    {
        using var scope = torch.NewDisposeScope();
        using var head = WholeDataSet(Plain);
        Assert.True(Formulas.LargestDifference(head.Linear.Weight, Expected.Values<double>("weight")) < 1e-10);
        Assert.True(Formulas.LargestDifference(head.Linear.Bias, Expected.Values<double>("bias")) < 1e-10);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(8)]
    public void Should_EqualAFitWithoutTheImage_When_LeftOut(int size)
    {
        // Of 32 features the products of images are the smaller matrix, of 8 those of features.
        using var scope = torch.NewDisposeScope();
        var (features, targets) = (Features().narrow(1, 0, size), Targets());
        var answers = new LeaveOneOut(features, targets, 1).Answers(0.3);
        if (size == 32)
            Assert.True(Formulas.LargestDifference(answers, Expected.Values<double>("left_out")) < 1e-10);
        Assert.True(EpisodeSamples.LargestDifference(answers, LeftOut(features, targets, 1)) < 1e-10);
    }

    [Fact]
    public void Should_LeaveOutAllViewsOfAnImage_When_ThereAreSeveral()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.cat([Features(), Features().flip(1)]);
        var targets = torch.cat([Targets(), Targets()]);
        var answers = new LeaveOneOut(features, targets, 2).Answers(0.3);
        Assert.True(EpisodeSamples.LargestDifference(answers, LeftOut(features, targets, 2)) < 1e-10);
    }

    [Fact]
    public void Should_ChooseTheStrengthWithTheLeastError_When_ThereAreSeveral()
    {
        using var scope = torch.NewDisposeScope();
        using var head = WholeDataSet(new());
        Assert.Equal(15, head.Trials.Count);
        Assert.Equal(head.Trials.MinBy(trial => trial.Loss)!.Strength, head.Strength);
        Assert.InRange(head.Strength, 0.001, 300);
    }

    [Fact]
    public void Should_PreferAStrongPenalty_When_LabelsAreNoise()
    {
        using var scope = torch.NewDisposeScope();
        using var head = RidgeHead.Fit(Formulas.Features(40, 20), Formulas.Labels(40, 2), 2);
        Assert.True(head.Strength >= 100);
    }

    [Fact]
    public void Should_KeepOnlyTheHead_When_Fitted()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(10, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        RidgeHead.Fit(features, labels, 2).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_AStrengthIsNotAboveZero()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<FewShotException>(() => WholeDataSet(Plain with { Strengths = [1, 0] }));
        Assert.Contains("penalties above 0; found [1, 0]", error.Message, StringComparison.Ordinal);
    }

    private static torch.Tensor Features() => EpisodeSamples.Draw(6).Support[0];

    private static torch.Tensor Targets() =>
        torch.nn.functional.one_hot(EpisodeSamples.Labels(6), EpisodeSamples.Way).to(torch.float64);

    private static RidgeHead WholeDataSet(RidgeHeadOptions options) =>
        RidgeHead.Fit(Features(), EpisodeSamples.Labels(6), EpisodeSamples.Way, options);

    /// <summary>The gradient of mean squared error + strength x squared weights, halved.</summary>
    private static torch.Tensor Residual(torch.Tensor inputs, double strength)
    {
        var targets = inputs.narrow(2, 0, 3).sin();
        var weights = RidgeSolver.Weights(inputs, targets, strength);
        return (inputs.transpose(1, 2).bmm(inputs.bmm(weights) - targets) / inputs.shape[1]) + (strength * weights);
    }

    /// <summary>Each image in turn, with all its views, is left out of a fit with the same penalty on the sum of squares.</summary>
    private static torch.Tensor LeftOut(torch.Tensor features, torch.Tensor targets, int views)
    {
        var images = (int)features.shape[0] / views;
        var answers = torch.zeros_like(targets);
        for (var image = 0; image < images; image++)
        {
            var held = Enumerable.Range(0, views).Select(view => (long)(image + (view * images))).ToArray();
            var kept = Enumerable.Range(0, views * images).Select(row => (long)row).Except(held).ToArray();
            var (x, y) = (features.index_select(0, torch.tensor(kept)), targets.index_select(0, torch.tensor(kept)));
            var (centre, level) = (x.mean([0], keepdim: true), y.mean([0], keepdim: true));
            var strength = 0.3 * views * images / kept.Length;
            var weights = RidgeSolver.Weights((x - centre).unsqueeze(0), (y - level).unsqueeze(0), strength)[0];
            foreach (var row in held)
                _ = answers[row].copy_(((features[row] - centre).mm(weights) + level)[0]);
        }

        return answers;
    }
}
