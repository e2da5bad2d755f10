using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Charts;

public class ReliabilityChartTests
{
    // Two answers with 75 % (one right) and two with 90 % (both right).
    [Fact]
    public void Should_DrawEachBin_When_AnswersAreGiven()
    {
        using var scope = torch.NewDisposeScope();
        var scores = torch.tensor(new[] { 3.0, 1, 3, 1, 9, 1, 9, 1 }, [4, 2]).log();
        var predictions = new Predictions(scores, torch.tensor(new[] { 0L, 1, 0, 0 }), ["a", "b"]);
        var traces = Figure.Traces(ReliabilityChart.Of([("head", new Calibration(predictions, bins: 2))]));
        Assert.Equal(2, traces.Length);
        Assert.Equal("dash", Figure.Text(traces[0], "line", "dash"));
        Assert.Equal([75, 90], traces[1].GetProperty("x").EnumerateArray().Select(x => Math.Round(x.GetDouble(), 4)));
        Assert.Equal([50, 100], Figure.Numbers(traces[1].GetProperty("y")));
        Assert.True(traces[1].TryGetProperty("error_y", out _));
    }

    [Fact]
    public void Should_Refuse_When_ThereIsNothing() => Assert.Throws<FewShotException>(() => ReliabilityChart.Of([]));
}
