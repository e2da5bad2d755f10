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
