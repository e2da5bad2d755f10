using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class BarComparisonTests
{
    [Fact]
    public void Should_Draw_Bars_From_Zero_To_A_Hundred_In_The_Order_Given()
    {
        var chart = BarComparison.Of(
            [("a < b", new Estimate(0.25, 0.2, 0.3)), ("c", new Estimate(0.5))], new ReferenceLine(0.582, "from scratch"));
        var bars = Assert.Single(Figure.Traces(chart));
        Assert.Equal([25, 50], Figure.Numbers(bars.GetProperty("x")));
        Assert.Equal(["a &lt; b", "c"], Figure.Texts(bars.GetProperty("y")));
        Assert.Equal([0, 100], Figure.Numbers(Figure.Layout(chart).GetProperty("xaxis").GetProperty("range")));
        Assert.Equal("reversed", Figure.Text(Figure.Layout(chart), "yaxis", "autorange"));
        Assert.Equal(58.2, Figure.Layout(chart).GetProperty("shapes")[0].GetProperty("x0").GetDouble(), 9);
    }

    [Fact]
    public void Should_Take_Value_And_Interval_When_An_Accuracy_Is_Measured()
    {
        var accuracy = new Accuracy(75, 100);
        Assert.Equal(new Estimate(0.75, accuracy.Interval.Low, accuracy.Interval.High), Estimate.Of(accuracy));
        Assert.Equal(0.75, Estimate.Of(new DrawSummary([new Accuracy(70, 100), new Accuracy(80, 100)])).Value, 12);
        Assert.False(Estimate.Of(new DrawSummary([accuracy])).HasInterval);
    }

    [Fact]
    public void Should_Refuse_When_Two_Recipes_Share_A_Name()
        => Assert.Contains(
            "\"probe\" 2 times",
            Assert.Throws<FewShotException>(
                () => BarComparison.Of([("probe", new Estimate(0.1)), ("probe", new Estimate(0.2))])).Message,
            StringComparison.Ordinal);
}
