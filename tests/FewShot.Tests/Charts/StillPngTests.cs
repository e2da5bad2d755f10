using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Runtime;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using SkiaSharp;

namespace FewShot.Tests.Charts;

public class StillPngTests
{
    public static readonly TheoryData<string> Kinds = ["loss", "labels", "bars", "confusion", "many classes", "lines"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Should_Be_A_Picture_Of_The_Size_Asked_For_That_Follows_The_Data(string kind)
    {
        using var first = SKBitmap.Decode(ChartHtml.StillPng(Make(kind, 0.5), 640, 400));
        using var second = SKBitmap.Decode(ChartHtml.StillPng(Make(kind, 0.8), 640, 400));
        Assert.Equal((640, 400), (first.Width, first.Height));
        Assert.Equal(SKColors.White, first.GetPixel(1, 1));
        Assert.True(first.Pixels.Distinct().Count() > 20, "almost one colour");
        Assert.True(first.Pixels.Zip(second.Pixels).Count(pair => pair.First != pair.Second) > 100, "the same whatever the data");
    }

    [Fact]
    public void Should_Put_Points_Of_A_Logarithmic_Axis_At_Equal_Steps_When_They_Grow_By_Equal_Factors()
    {
        var chart = AccuracyByLabels.Of([("probe", [(1, new Estimate(0.5)), (10, new Estimate(0.5)), (100, new Estimate(0.5))])]);
        using var picture = SKBitmap.Decode(ChartHtml.StillPng(chart, 800, 400));
        var blue = SKColor.Parse("#0072B2");
        // Away from the legend in the lower right corner, the markers are the columns with the most blue.
        var columns = Enumerable.Range(0, 800)
            .Select(x => (X: x, Blue: Enumerable.Range(0, 280).Count(y => picture.GetPixel(x, y) == blue)))
            .Where(column => column.Blue > 6)
            .Select(column => column.X)
            .ToArray();
        var centres = columns.Aggregate(new List<List<int>>(), (groups, x) =>
        {
            if (groups.Count == 0 || x - groups[^1][^1] > 3)
                groups.Add([]);
            groups[^1].Add(x);
            return groups;
        }).Select(group => group.Average()).ToArray();
        Assert.Equal(3, centres.Length);
        Assert.Equal(centres[1] - centres[0], centres[2] - centres[1], 2.0);
    }

    [Fact]
    public void Should_Use_The_Chart_Its_Own_Height_When_None_Is_Asked_For()
    {
        using var picture = SKBitmap.Decode(ChartHtml.StillPng(BarComparison.Of([("a", new Estimate(0.5)), ("b", new Estimate(0.6))])));
        Assert.Equal((900, 282), (picture.Width, picture.Height));
    }

    [Fact]
    public void Should_Draw_A_Chart_That_Only_Names_Its_Data_When_Made_Without_The_Course()
    {
        var trace = new Trace2D("scatter");
        trace.SetProperty("x", new[] { "mon", "tue" });
        trace.SetProperty("y", new[] { 1.0, double.NaN });
        using var picture = SKBitmap.Decode(ChartHtml.StillPng(GenericChart.ofTraceObject(true, trace)));
        Assert.Equal(600, picture.Height);
    }

    [Fact]
    public void Should_Name_The_Type_When_It_Cannot_Be_Drawn()
    {
        var chart = GenericChart.NewMultiChart(
            ListModule.OfSeq<Trace>([new Trace2D("violin")]), new Layout(), new Config(), new DisplayOptions());
        Assert.Contains("\"violin\"", Assert.Throws<FewShotException>(() => ChartHtml.StillPng(chart)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(10, 300)]
    [InlineData(300, 100_000)]
    public void Should_Refuse_When_The_Size_Is_Out_Of_Range(int width, int height)
        => Assert.Throws<FewShotException>(() => ChartHtml.StillPng(ChartHtmlTests.Line("a"), width, height));

    [Fact]
    public void Should_Refuse_When_There_Are_Too_Many_Points()
        => Assert.Contains(
            "200,000",
            Assert.Throws<FewShotException>(
                () => ChartHtml.StillPng(
                    LineChart.Of([new Series("s", new double[200_001], new double[200_001])], "x", "y", "t"))).Message,
            StringComparison.Ordinal);

    private static GenericChart Make(string kind, double value)
    {
        var estimate = new Estimate(value, value - 0.05, value + 0.1);
        var counts = new long[25, 25];
        for (var i = 0; i < 25; i++)
            (counts[i, i], counts[i, (i + 1) % 25]) = ((long)(100 * value), 100 - (long)(100 * value));
        return kind switch
        {
            "loss" => LearningCurves.Loss([1, value, 0.1], [1, 1, value], chosenEpoch: 2),
            "labels" => AccuracyByLabels.Of([("probe", [(1, new Estimate(0.1)), (10, estimate)])], [new ReferenceLine(0.3, "published")]),
            "bars" => BarComparison.Of([("probe", estimate), ("tuned", new Estimate(0.9))], new ReferenceLine(0.3, "published")),
            "confusion" => ConfusionMatrixChart.Of(new long[,] { { (long)(100 * value), 5 }, { 7, 100 } }, ["cat", "dog"]),
            "many classes" => ConfusionMatrixChart.Of(counts, [.. Enumerable.Range(0, 25).Select(i => $"class {i}")]),
            _ => LineChart.Of(
                [
                    new Series("wave", [0, 1, 2], [0, value, 0], SeriesStyle.Dashed),
                    new Series("data", [0, 1, 2], [1, 0, 1], SeriesStyle.Points),
                ],
                "x",
                "y",
                "fit"),
        };
    }
}
