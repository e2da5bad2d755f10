using FewShot.Charts;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using SkiaSharp;

namespace FewShot.Tests.Charts;

public class ChartHtmlTests
{
    [Fact]
    public void Should_Carry_Plotly_Without_Loading_Anything_When_Script_Is_Made()
    {
        var script = ChartHtml.Script();
        Assert.Contains("plotly.js v2.", script, StringComparison.Ordinal);
        Assert.StartsWith("<script>", script, StringComparison.Ordinal);
        Assert.DoesNotContain("src=\"http", script, StringComparison.OrdinalIgnoreCase);
        Assert.Single(Indexes(script, "<script"));
        Assert.Single(Indexes(script, "</script"));
    }

    [Fact]
    public void Should_Hide_Module_Loaders_From_Plotly_When_Script_Is_Made()
        => Assert.StartsWith(
            "<script>\nif (!window.Plotly) (function (define, module, exports) {", ChartHtml.Script(), StringComparison.Ordinal);

    [Fact]
    public void Should_Be_Small_And_Name_No_Address_When_Fragment_Is_Made()
    {
        var html = ChartHtml.Fragment(Line("accuracy"));
        Assert.True(html.Length < 500, html);
        Assert.DoesNotContain("http", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("cdn", html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("\"y\":[0.25,0.5]", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Hold_The_Picture_In_Half_The_Bytes_When_A_Still_Picture_Is_Given()
    {
        var chart = Line("accuracy");
        var still = ChartHtml.StillPng(chart);
        var html = ChartHtml.Fragment(chart, still);
        var webp = Convert.FromBase64String(html.Split("<img ")[1].Split("base64,")[1].Split('"')[0]);
        using var expected = SKBitmap.Decode(still);
        using var held = SKBitmap.Decode(webp);
        Assert.Equal((expected.Width, expected.Height), (held.Width, held.Height));
        Assert.InRange(expected.Pixels.Zip(held.Pixels).Average(pair => Math.Abs(pair.First.Green - pair.Second.Green)), 0, 2);
        Assert.InRange(webp.Length, 1, still.Length / 2);
    }

    [Fact]
    public void Should_Stay_Inside_The_Script_Element_When_A_Name_Holds_Its_End_Tag()
    {
        var html = ChartHtml.Fragment(Line("</script><img src=x onerror=alert(1)><!--"));
        Assert.Single(Indexes(html, "</script"));
        Assert.Empty(Indexes(html, "<img"));
        Assert.Empty(Indexes(html, "<!--"));
    }

    [Fact]
    public void Should_Give_The_Same_Html_When_The_Chart_Is_The_Same()
    {
        Assert.Equal(ChartHtml.Fragment(Line("a")), ChartHtml.Fragment(Line("a")));
        Assert.NotEqual(Key(ChartHtml.Fragment(Line("a"))), Key(ChartHtml.Fragment(Line("b"))));
    }

    [Fact]
    public void Should_Name_Title_And_Series_When_Described()
    {
        var layout = new Layout();
        layout.SetProperty("title", new Dictionary<string, object> { ["text"] = "Accuracy<br>by epoch" });
        Assert.Equal("Chart: Accuracy, by epoch (train)", ChartHtml.Describe(GenericChart.setLayout(layout, Line("train"))));
        Assert.Equal("Chart", ChartHtml.Describe(Line("")));
    }

    internal static GenericChart Line(string name)
    {
        var trace = new Trace2D("scatter");
        trace.SetProperty("x", new[] { 1, 2 });
        trace.SetProperty("y", new[] { 0.25, 0.5 });
        trace.SetProperty("name", name);
        return GenericChart.NewMultiChart(ListModule.OfSeq<Trace>([trace]), new Layout(), new Config(), new DisplayOptions());
    }

    private static string Key(string html) => html.Split('"')[1];

    private static List<int> Indexes(string text, string part)
    {
        var found = new List<int>();
        for (var at = text.IndexOf(part, StringComparison.OrdinalIgnoreCase);
            at >= 0;
            at = text.IndexOf(part, at + 1, StringComparison.OrdinalIgnoreCase))
            found.Add(at);
        return found;
    }
}
