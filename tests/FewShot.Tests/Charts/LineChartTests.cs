using FewShot.Charts;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class LineChartTests
{
    [Fact]
    public void Should_Draw_Each_Series_In_Its_Style()
    {
        var traces = Figure.Traces(
            LineChart.Of(
                [new Series("truth", [0, 1], [2, 3], SeriesStyle.Dashed), new Series("data", [0.5], [2.5], SeriesStyle.Points)],
                "x",
                "y",
                "fit"));
        Assert.Equal(["lines", "markers"], traces.Select(trace => Figure.Text(trace, "mode")));
        Assert.Equal("dash", Figure.Text(traces[0], "line", "dash"));
        Assert.Equal([2, 3], Figure.Numbers(traces[0].GetProperty("y")));
    }

    [Fact]
    public void Should_Name_The_Series_When_It_Has_Unequal_Lengths()
        => Assert.Contains(
            "\"data\" has 2 x values and 1 y values",
            Assert.Throws<FewShotException>(() => LineChart.Of([new Series("data", [0, 1], [2])], "x", "y", "fit")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Should_Show_A_Title_As_Written_When_It_Holds_Markup()
        => Assert.StartsWith(
            "<b>a &lt;b&gt; &amp; c</b>",
            Figure.Text(Figure.Layout(LineChart.Of([new Series("s", [0], [0])], "x", "y", "a <b> & c")), "title", "text"),
            StringComparison.Ordinal);
}
