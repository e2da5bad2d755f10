using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class LogisticRegressionTests
{
    private static readonly LogisticRegressionOptions Plain = new()
    {
        Scaling = FeatureScaling.None,
        Strengths = [0.05],
        Tolerance = 1e-10,
    };

    [Fact]
    public void Should_EqualPyTorch_When_FittedToConvergence()
    {
        // The expected numbers come from Golden/linear_classifiers.py.
        using var scope = torch.NewDisposeScope();
        using var result = LogisticRegression.Fit(Formulas.Features(20, 4), Formulas.Labels(20, 3), 3, Plain);
        Assert.Equal(0.5363048519088477, result.Loss, 1e-10);
        Assert.True(Formulas.LargestDifference(
            result.Head.Weight,
            0.4223687116548761, 0.43539971697228597, -0.2326514521481454, -0.3501568029160629,
            1.0173391725107772, -1.007250453790653, -0.3510496137503652, 0.911921499344054,
            -1.4397078841656532, 0.5718507368183667, 0.5837010658985107, -0.5617646964279911) < 1e-6);
        Assert.True(Formulas.LargestDifference(result.Head.Bias, 0.5168240620208109, -0.30521248269052875, -0.2116115793302824) < 1e-6);
    }

    [Fact]
    public void Should_HaveTheGradientOfFiniteDifferences_When_Evaluated()
    {
        using var scope = torch.NewDisposeScope();
        var problem = new LogisticProblem(Formulas.Features(20, 4), Formulas.Labels(20, 3), 3);
        var point = Formulas.Features(3, 5);
        var (_, gradient) = problem.Evaluate(point, 0.3);
        for (var i = 0; i < point.numel(); i++)
        {
            var shift = torch.zeros_like(point);
            shift.view(-1)[i].fill_(1e-5);
            var slope = (problem.Evaluate(point + shift, 0.3).Value - problem.Evaluate(point - shift, 0.3).Value) / 2e-5;
            Assert.Equal(slope, gradient.view(-1)[i].item<double>(), 1e-8);
        }
    }

    [Theory]
    [InlineData(FeatureScaling.None)]
    [InlineData(FeatureScaling.CentreAndScale)]
    [InlineData(FeatureScaling.CentreAndNormalise)]
    public void Should_ReachAZeroGradient_When_Fitted(FeatureScaling scaling)
    {
        using var scope = torch.NewDisposeScope();
        var options = new LogisticRegressionOptions { Scaling = scaling, Strengths = [0.01] };
        using var result = LogisticRegression.Fit(Formulas.Features(30, 8), Formulas.Labels(30, 3), 3, options);
        Assert.True(result.GradientNorm <= 1e-6);
    }

    [Fact]
    public void Should_NotChange_When_ImagesComeInAnotherOrder()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = (Formulas.Features(20, 4), Formulas.Labels(20, 3));
        using var forwards = LogisticRegression.Fit(features, labels, 3, Plain);
        using var backwards = LogisticRegression.Fit(features.flip(0), labels.flip(0), 3, Plain);
        Assert.True((forwards.Head.Weight - backwards.Head.Weight).abs().max().item<double>() < 1e-8);
    }

    [Fact]
    public void Should_IgnoreOffsetAndUnit_When_FeaturesAreCentredAndScaled()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = (Formulas.Features(20, 4), Formulas.Labels(20, 3));
        var options = new LogisticRegressionOptions { Strengths = [0.1], Tolerance = 1e-9 };
        using var plain = LogisticRegression.Fit(features, labels, 3, options);
        using var moved = LogisticRegression.Fit((features * 7) + 100, labels, 3, options);
        Assert.True((plain.Head.Scores(features) - moved.Head.Scores((features * 7) + 100)).abs().max().item<float>() < 1e-5);
    }

    [Theory]
    [InlineData(FeatureScaling.None)]
    [InlineData(FeatureScaling.Centre)]
    [InlineData(FeatureScaling.CentreAndScale)]
    [InlineData(FeatureScaling.Standardise)]
    public void Should_GiveTheSameScores_When_FoldedIntoALinearLayer(FeatureScaling scaling)
    {
        using var scope = torch.NewDisposeScope();
        var features = Formulas.Features(30, 8) + 3;
        var options = new LogisticRegressionOptions { Scaling = scaling, Strengths = [0.01] };
        using var result = LogisticRegression.Fit(features, Formulas.Labels(30, 3), 3, options);
        var (weight, bias) = result.Head.Fold();
        Assert.True((features.mm(weight.t()) + bias).allclose(result.Head.Scores(features).to(torch.float64), rtol: 1e-5, atol: 1e-5));
    }

    [Fact]
    public void Should_EqualAFitOnSquareRoots_When_TheyAreAskedFor()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = (Formulas.Features(20, 4), Formulas.Labels(20, 3));
        var roots = features.sign() * features.abs().sqrt();
        var options = new LogisticRegressionOptions { Strengths = [0.1], Tolerance = 1e-9 };
        using var inside = LogisticRegression.Fit(features, labels, 3, options with { SquareRoot = true });
        using var outside = LogisticRegression.Fit(roots, labels, 3, options);
        Assert.True((inside.Head.Scores(features) - outside.Head.Scores(roots)).abs().max().item<float>() < 1e-5);
    }

    [Fact]
    public void Should_PreferAStrongPenalty_When_LabelsAreNoise()
    {
        using var scope = torch.NewDisposeScope();
        using var result = LogisticRegression.Fit(Formulas.Features(40, 20), Formulas.Labels(40, 2), 2);
        Assert.Equal(9, result.Trials.Count);
        Assert.Equal(result.Trials.MinBy(trial => trial.Loss)!.Strength, result.Strength);
        Assert.True(result.Strength >= 1);
    }

    [Fact]
    public void Should_PreferAWeakPenalty_When_ClassesAreFarApart()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(20, 6);
        using var result = LogisticRegression.Fit(features, labels, 2);
        Assert.Equal(1, result.Trials[0].Accuracy);
        Assert.True(result.Strength <= 0.01);
    }

    [Fact]
    public void Should_EqualASingleFit_When_ViewsAreCopies()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = (Formulas.Features(20, 4), Formulas.Labels(20, 3));
        using var single = LogisticRegression.Fit(features, labels, 3, Plain);
        using var copies = LogisticRegression.Fit(torch.stack([features, features]), labels, 3, Plain);
        Assert.True((single.Head.Weight - copies.Head.Weight).abs().max().item<double>() < 1e-8);
    }

    [Fact]
    public void Should_KeepViewsOfAnImageTogether_When_CrossValidating()
    {
        // Were a copy of a held-out image left in training, noise would look learnable and a weak penalty would win.
        using var scope = torch.NewDisposeScope();
        var (features, labels) = (Formulas.Features(40, 60), Formulas.Labels(40, 2));
        using var single = LogisticRegression.Fit(features, labels, 2);
        using var copies = LogisticRegression.Fit(torch.stack([features, features]), labels, 2);
        Assert.Equal(
            single.Trials.Select(trial => trial.Loss),
            copies.Trials.Select(trial => trial.Loss),
            (a, b) => Math.Abs(a - b) < 1e-5);
    }

    [Fact]
    public void Should_AskForOneStrength_When_AClassHasOneImage()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<FewShotException>(
            () => LogisticRegression.Fit(Formulas.Features(2, 4), torch.tensor(new long[] { 0, 1 }), 2));
        Assert.Contains("Give a single strength", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheClass_When_ItHasNoImage()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<FewShotException>(
            () => LogisticRegression.Fit(Formulas.Features(20, 4), Formulas.Labels(20, 3), 4, Plain));
        Assert.Contains("Class 3", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AFeatureIsNotANumber()
    {
        using var scope = torch.NewDisposeScope();
        var features = Formulas.Features(20, 4);
        features[3, 2].fill_(double.NaN);
        Assert.Throws<FewShotException>(() => LogisticRegression.Fit(features, Formulas.Labels(20, 3), 3, Plain));
    }

    [Fact]
    public void Should_KeepOnlyTheHead_When_Fitted()
    {
        using var scope = torch.NewDisposeScope();
        var (features, labels) = Formulas.TwoClouds(10, 4);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        LogisticRegression.Fit(features, labels, 2).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_GiveEachFoldItsShare_When_Dealing()
    {
        long[] labels = [0, 0, 0, 1, 1, 1, 0, 1];
        Assert.Equal([0, 1, 2, 0, 1, 2, 0, 0], StratifiedFolds.Assign(labels, 3));
        Assert.Equal(3, StratifiedFolds.Assign([0, 0, 0, 1, 1, 1, 1], 5).Max() + 1);
    }
}
