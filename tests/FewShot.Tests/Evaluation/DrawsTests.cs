using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public class DrawsTests
{
    private static DrawSummary Draws(params long[] correct) => new([.. correct.Select(c => new Accuracy(c, 1000))]);

    [Fact]
    public void Should_GiveMeanAndRange_When_DrawsAreSeveral()
    {
        // Values .82 .83 .84: mean .83, standard deviation .01, t(.975, 2) = 4.303, so +- 4.303 x .01 / sqrt 3 = .0248.
        var summary = Draws(820, 830, 840);
        Assert.Equal(0.83, summary.Mean, 1e-12);
        Assert.Equal(0.0248, summary.Interval.HalfWidth, 0.00005);
        Assert.Equal("83.0 % [80.5, 85.5] (mean of 3 draws from 82.0 to 84.0, 1,000 images each)", summary.ToString());
    }

    [Fact]
    public void Should_ShowTheImagesInterval_When_ThereIsOneDraw() =>
        Assert.Equal("83.0 % [80.5, 85.2] (1,000 images), one draw", Draws(830).ToString());

    [Fact]
    public void Should_Refuse_When_DrawsDifferInImages() =>
        Assert.Throws<FewShotException>(() => new DrawSummary([new Accuracy(1, 10), new Accuracy(1, 20)]));

    [Fact]
    public void Should_SeeAConstantGain_When_DrawsArePaired()
    {
        // The draws differ by 20 points, the two recipes by 1.0, 1.1 and 0.9 on each of them.
        var paired = new PairedDraws(Draws(600, 700, 800), Draws(610, 711, 809));
        Assert.Equal(0.01, paired.Mean, 1e-12);
        Assert.Equal("+1.0 points [0.8, 1.2] (mean of 3 paired draws)", paired.ToString());
    }

    [Fact]
    public void Should_MatchPublishedTable_When_OpinionsArePaired()
    {
        // Agresti, Categorical Data Analysis, section on matched pairs: 1600 people asked twice, 150 and 86 changed their mind;
        // the difference is -0.04 with the 95 % interval (-0.059, -0.021).
        var interval = PairedComparison.AgrestiMin(150, 86, 1600, 0.95);
        Assert.Equal(-0.059, interval.Low, 0.0005);
        Assert.Equal(-0.021, interval.High, 0.0005);
    }

    [Theory]
    [InlineData(1, 9, 22.0 / 1024)]
    [InlineData(9, 1, 22.0 / 1024)]
    [InlineData(3, 3, 1)]
    [InlineData(0, 0, 1)]
    public void Should_CountCoinTosses_When_TestingExactly(long first, long second, double p) =>
        Assert.Equal(p, PairedComparison.McNemar(first, second), 1e-12);

    [Fact]
    public void Should_CountOnlyDisagreements_When_ComparingPredictions()
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.tensor(new long[] { 0, 0, 1, 1 });
        var first = new Predictions(torch.tensor(new[,] { { 1.0, 0 }, { 0, 1 }, { 0, 1 }, { 1, 0 } }), labels, ["a", "b"]);
        var second = new Predictions(torch.tensor(new[,] { { 1.0, 0 }, { 1, 0 }, { 1, 0 }, { 0, 1 } }), labels, ["a", "b"]);
        var paired = new PairedComparison(first, second);
        Assert.Equal((1, 2, 0.25), (paired.OnlyFirst, paired.OnlySecond, paired.Difference));
        Assert.StartsWith("+25.0 points [", paired.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ImagesDiffer()
    {
        using var scope = torch.NewDisposeScope();
        var first = new Predictions(torch.zeros(1, 2), torch.tensor(new long[] { 0 }), ["a", "b"]);
        var second = new Predictions(torch.zeros(1, 2), torch.tensor(new long[] { 1 }), ["a", "b"]);
        Assert.Throws<FewShotException>(() => new PairedComparison(first, second));
    }
}
