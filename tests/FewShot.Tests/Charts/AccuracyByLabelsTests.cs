using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class AccuracyByLabelsTests
{
    [Fact]
    public void Should_Draw_Percent_Over_A_Logarithmic_Axis_When_Shares_Are_Given()
    {
        var chart = AccuracyByLabels.Of([("probe", [(50, new Estimate(0.75)), (1, new Estimate(0.25)), (500, new Estimate(0.875))])]);
        var trace = Assert.Single(Figure.Traces(chart));
        Assert.Equal([1, 50, 500], Figure.Numbers(trace.GetProperty("x")));
        Assert.Equal([25, 75, 87.5], Figure.Numbers(trace.GetProperty("y")));
        Assert.Equal("log", Figure.Text(Figure.Layout(chart), "xaxis", "type"));
        Assert.Equal(["1", "50", "500"], Figure.Texts(Figure.Layout(chart).GetProperty("xaxis").GetProperty("ticktext")));
    }

    [Fact]
    public void Should_Draw_The_Distance_To_Each_End_When_The_Interval_Is_Skewed()
    {
        var chart = AccuracyByLabels.Of(
            [("probe", [(1, new Estimate(0.5, 0.4, 0.55)), (5, new Estimate(0.6, double.NegativeInfinity, double.PositiveInfinity))])]);
        var error = Figure.Traces(chart)[0].GetProperty("error_y");
        Assert.Equal([5, 0], Figure.Numbers(error.GetProperty("array")));
        Assert.Equal([10, 0], Figure.Numbers(error.GetProperty("arrayminus")));
        Assert.False(error.GetProperty("symmetric").GetBoolean());
    }

    [Fact]
    public void Should_Name_Value_And_Interval_When_A_Point_Is_Hovered()
        => Assert.Equal(
            ["50.0 % [40.0, 55.0]", "60.0 %"],
            Figure.Texts(
                Figure.Traces(AccuracyByLabels.Of([("probe", [(1, new Estimate(0.5, 0.4, 0.55)), (5, new Estimate(0.6))])]))[0]
                    .GetProperty("text")));

    [Fact]
    public void Should_Keep_A_Reference_In_Sight_With_Its_Label_When_It_Lies_Above_All_Points()
    {
        var layout = Figure.Layout(
            AccuracyByLabels.Of([("probe", [(1, new Estimate(0.3))])], [new ReferenceLine(0.582, "58.2 % from scratch (published)")]));
        var shape = layout.GetProperty("shapes")[0];
        Assert.Equal(58.2, shape.GetProperty("y0").GetDouble(), 9);
        Assert.Equal("58.2 % from scratch (published)", Figure.Text(shape, "label", "text"));
        Assert.Equal([20, 70], Figure.Numbers(layout.GetProperty("yaxis").GetProperty("range")));
    }

    [Fact]
    public void Should_Use_Another_Colour_And_Symbol_When_There_Are_Several_Methods()
    {
        var traces = Figure.Traces(
            AccuracyByLabels.Of(
                [.. Enumerable.Range(0, 7).Select(i => ($"method {i}", (IReadOnlyList<(int, Estimate)>)[(1, new Estimate(0.1 * i))]))]));
        Assert.Equal(7, traces.Select(trace => Figure.Text(trace, "marker", "color")).Distinct().Count());
        Assert.Equal(7, traces.Select(trace => Figure.Text(trace, "marker", "symbol")).Distinct().Count());
    }

    [Fact]
    public void Should_Refuse_When_There_Are_No_Labels()
        => Assert.Contains(
            "found 0",
            Assert.Throws<FewShotException>(() => AccuracyByLabels.Of([("probe", [(0, new Estimate(0.1))])])).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Should_Name_The_Method_When_An_Accuracy_Is_Not_A_Number()
        => Assert.Contains(
            "probe",
            Assert.Throws<FewShotException>(() => AccuracyByLabels.Of([("probe", [(1, new Estimate(double.NaN))])])).Message,
            StringComparison.Ordinal);
}
