using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public sealed class TemperatureTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_EqualSciPysMinimum_When_Fitted()
    {
        var scores = GoldenAnswers.Scores();
        var found = Temperature.Fit(scores, GoldenAnswers.Labels(scores));
        Assert.Equal(GoldenAnswers.Number("temperature"), found.Value, 5);
        Assert.Equal(GoldenAnswers.Number("temperatureLoss"), found.LossAfter, 9);
        Assert.Equal(GoldenAnswers.Number("loss"), found.LossBefore, 9);
    }

    // Of scores ln(0.8) and ln(0.2), right four times in five, the temperature is 1; of their tripled scores it is 3.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1e-4)]
    public void Should_FindHowMuchTooSureItIs_When_TheTruthIsKnown(double factor)
    {
        var scores = torch.tensor(new[] { Math.Log(0.8), Math.Log(0.2) }).repeat(10, 1) * factor;
        var labels = torch.tensor(new long[] { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1 });
        var found = Temperature.Fit(scores, labels);
        Assert.Equal(1, found.Value / factor, 8);
        using var applied = found.Apply(scores);
        Assert.Equal(0.8, applied.softmax(1)[0, 0].item<double>(), 8);
    }

    [Fact]
    public void Should_NotDependOnAConstant_When_ItIsAddedToAllScores()
    {
        var scores = GoldenAnswers.Scores();
        var labels = GoldenAnswers.Labels(scores);
        Assert.Equal(Temperature.Fit(scores, labels).Value, Temperature.Fit(scores + 1e4, labels).Value, 6);
    }

    [Fact]
    public void Should_MinimiseTheSmoothedLoss_When_FewAnswersAreAllRight()
    {
        var scores = GoldenAnswers.Scores()[..12];
        var labels = scores.argmax(1);
        var found = Temperature.FitToFew(scores, labels).Value;
        var truth = torch.nn.functional.one_hot(labels, scores.shape[1]).to(torch.float64);
        var target = (truth * 13 / 14) + ((1 - truth) / 14 / (scores.shape[1] - 1));
        double Loss(double temperature) => -((scores / temperature).log_softmax(1) * target).sum().item<double>();
        Assert.True(Loss(found) < Loss(found * 1.001) && Loss(found) < Loss(found / 1.001), $"{found} is no minimum.");
    }

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(4)]
    public void Should_FindTheTruthBothWays_When_LabelsAreDrawnWithIt(double truth)
    {
        using var generator = new torch.Generator(2, torch.CPU);
        var logits = torch.randn([20_000, 4], torch.float64, generator: generator) * 2;
        var labels = torch.multinomial(logits.softmax(1), 1, generator: generator).squeeze(1);
        Assert.Equal(truth, Temperature.Fit(logits * truth, labels).Value, 0.05 * truth);
        Assert.Equal(truth, Temperature.FitToFew(logits * truth, labels).Value, 0.05 * truth);
    }

    [Fact]
    public void Should_LeaveSomeDoubt_When_EveryPhotoIsRight()
    {
        var labels = torch.tensor(new long[] { 0, 1, 0, 1, 0, 1, 0, 1 });
        var scores = torch.nn.functional.one_hot(labels, 2).to(torch.float32);
        using var applied = Temperature.FitToFew(scores, labels).Apply(scores);
        var sure = applied.softmax(1).amax([1]).mean().item<float>();
        // Eight of eight: (8 + 1) / (8 + 2).
        Assert.Equal(0.9f, sure, 1e-3f);
    }

    [Fact]
    public void Should_MakeAllClassesAboutEquallyLikely_When_FewAnswersAreNoBetterThanChance()
    {
        var scores = GoldenAnswers.Scores()[..12];
        var found = Temperature.FitToFew(scores, scores.argmin(1));
        using var applied = found.Apply(scores);
        Assert.Equal(1.0 / scores.shape[1], applied.softmax(1).max().item<double>(), 4);
    }

    [Fact]
    public void Should_SayThatNoneIsBest_When_AllAnswersAreRight()
    {
        var scores = GoldenAnswers.Scores();
        var error = Assert.Throws<FewShotException>(() => Temperature.Fit(scores, scores.argmax(1)));
        Assert.Contains("All 300 answers are right", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatNoneHelps_When_AnswersAreNoBetterThanChance()
    {
        var scores = GoldenAnswers.Scores();
        var error = Assert.Throws<FewShotException>(() => Temperature.Fit(scores, scores.argmin(1)));
        Assert.Contains("no more than chance", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Done()
    {
        var scores = GoldenAnswers.Scores();
        var labels = GoldenAnswers.Labels(scores);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = Temperature.Fit(scores, labels);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }
}
