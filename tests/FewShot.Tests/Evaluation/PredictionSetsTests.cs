using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public sealed class PredictionSetsTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_EqualNumPy_When_SetsAreLeastAmbiguous()
    {
        var scores = GoldenAnswers.Scores();
        var labels = GoldenAnswers.Labels(scores);
        var sets = PredictionSets.Calibrate(scores.narrow(0, 0, 150), labels.narrow(0, 0, 150));
        var found = sets.Judge(scores.narrow(0, 150, 150), labels.narrow(0, 150, 150));
        Assert.Equal(GoldenAnswers.Number("lacThreshold"), sets.Threshold, 12);
        Assert.Equal(GoldenAnswers.Number("lacCovered"), found.Coverage.Correct);
        Assert.Equal(GoldenAnswers.Number("lacSize"), found.MeanSize, 10);
    }

    // A classifier that is badly calibrated and often wrong: the promise must hold all the same. Each of 400 repetitions draws its own
    // calibration, as the promise is about the mean over them.
    [Theory]
    [InlineData(SetRule.Lac, 0.9)]
    [InlineData(SetRule.Lac, 0.8)]
    [InlineData(SetRule.Aps, 0.9)]
    [InlineData(SetRule.Aps, 0.8)]
    public void Should_CoverTheTruthToWithinAPoint_When_Simulated(SetRule rule, double coverage)
    {
        const int Repetitions = 400, Calibration = 199, Asked = 200, Classes = 5;
        using var generator = new torch.Generator(20261126, torch.CPU);
        var covered = 0L;
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            using var inner = torch.NewDisposeScope();
            var labels = torch.randint(0, Classes, new long[] { Calibration + Asked }, torch.int64, generator: generator);
            var noise = torch.randn(new long[] { Calibration + Asked, Classes }, torch.float64, generator: generator);
            var scores = 3 * (noise + (1.2 * torch.nn.functional.one_hot(labels, Classes)));
            var sets = PredictionSets.Calibrate(
                scores.narrow(0, 0, Calibration), labels.narrow(0, 0, Calibration), coverage, rule, seed: repetition);
            covered += sets.Judge(scores.narrow(0, Calibration, Asked), labels.narrow(0, Calibration, Asked)).Coverage.Correct;
        }

        Assert.InRange((double)covered / (Repetitions * Asked), coverage - 0.01, coverage + 0.01);
    }

    [Fact]
    public void Should_HoldAllClasses_When_TooFewAnswersWereGiven()
    {
        var scores = GoldenAnswers.Scores();
        var sets = PredictionSets.Calibrate(scores.narrow(0, 0, 5), GoldenAnswers.Labels(scores).narrow(0, 0, 5), 0.9);
        Assert.Equal(double.PositiveInfinity, sets.Threshold);
        Assert.True(sets.Of(scores).all().item<bool>());
    }

    [Theory]
    [InlineData(SetRule.Lac)]
    [InlineData(SetRule.Aps)]
    public void Should_HoldTheLikelierClassToo_When_AClassIsInTheSet(SetRule rule)
    {
        var scores = GoldenAnswers.Scores();
        var sets = PredictionSets.Calibrate(scores, GoldenAnswers.Labels(scores), 0.8, rule);
        var inOrder = sets.Of(scores).gather(1, scores.argsort(1, descending: true)).to(torch.int64);
        Assert.False((inOrder.narrow(1, 1, 3) - inOrder.narrow(1, 0, 3)).gt(0).any().item<bool>());
        Assert.InRange(inOrder.sum([1]).to(torch.float64).mean().item<double>(), 1, 3.9);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Done()
    {
        var scores = GoldenAnswers.Scores();
        var labels = GoldenAnswers.Labels(scores);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = PredictionSets.Calibrate(scores, labels, 0.9, SetRule.Aps).Judge(scores, labels);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Should_Refuse_When_TheCoverageIsImpossible(double coverage) => Assert.Throws<FewShotException>(
        () => PredictionSets.Calibrate(torch.zeros(2, 2), torch.zeros(2, torch.int64), coverage));
}
