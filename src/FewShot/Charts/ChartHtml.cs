using System.Globalization;
using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using FewShot.Runtime;
using Plotly.NET;
using SkiaSharp;

namespace FewShot.Charts;

/// <summary>
/// Charts as HTML that needs no network: <see cref="Script"/> once per page, then one small <see cref="Fragment"/> per chart.
/// </summary>
public static class ChartHtml
{
    private const int DefaultHeight = 440;

    /// <summary>
    /// The block that gives a page plotly.js, from the copy that Plotly.NET carries. A second one on the same page does nothing.
    /// </summary>
    /// <remarks>
    /// Its bundle registers itself with a module loader where it finds one (classic Notebook has require.js) and is then not
    /// reachable as <c>window.Plotly</c>; here it runs in a function that hides the loaders' names from it.
    /// </remarks>
    public static string Script() => PageScript.Value;

    /// <summary>One chart: a box that fills the width, and the script that has it drawn as soon as plotly.js is on the page.</summary>
    /// <param name="chart">The chart.</param>
    /// <param name="still">Its still picture (PNG), which the box holds until it is drawn, and wherever scripts do not run or
    /// <see cref="Script"/> is missing; without it the box holds one line that says what the chart is.</param>
    /// <remarks>The same chart gives the same HTML, in every process, so notebooks that did not change do not differ.</remarks>
    public static string Fragment(GenericChart chart, byte[]? still = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var json = SafeInScript(GenericChart.toJson(chart));
        var key = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))[..12];
        var label = WebUtility.HtmlEncode(Describe(chart));
        var height = Height(chart).ToString(CultureInfo.InvariantCulture);
        var inside = still is null
            ? $"<p style=\"padding:1em;margin:0;min-height:{height}px\">{label} (drawn by a script in this page)</p>"
            : $"<img alt=\"{label}\" style=\"max-width:100%\" src=\"data:image/webp;base64,{Convert.ToBase64String(Smaller(still))}\">";
        return $$"""
            <div data-fewshot-chart="{{key}}" role="img" aria-label="{{label}}">{{inside}}</div>
            <script>(window.fewshotCharts = window.fewshotCharts || []).push(['{{key}}', {{json}}, {{height}}]);</script>
            """;
    }

    /// <summary>
    /// A still picture of the chart, for places where scripts do not run. It shows lines and points with error bars, bars, and
    /// heatmaps, with linear, logarithmic or named axes, straight guide lines, title and legend.
    /// </summary>
    /// <param name="chart">The chart.</param>
    /// <param name="width">In pixels, 200 to 4,000.</param>
    /// <param name="height">In pixels, 150 to 4,000; by default the chart's own height.</param>
    /// <returns>A PNG file.</returns>
    /// <exception cref="FewShotException">The size is out of range, the chart holds what cannot be drawn, or no font is
    /// installed.</exception>
    public static byte[] StillPng(GenericChart chart, int width = 900, int? height = null)
    {
        ArgumentNullException.ThrowIfNull(chart);
        var tall = height ?? Height(chart);
        if (width is < 200 or > 4000 || tall is < 150 or > 4000)
            throw new FewShotException($"A still picture is 200 to 4,000 pixels wide and 150 to 4,000 high; asked for {width} x {tall}.");
        using var figure = JsonDocument.Parse(GenericChart.toFigureJson(chart));
        return StillChart.Png(figure.RootElement, width, tall);
    }

    /// <summary>The chart in one line of plain text, for screen readers and for places that show no pictures.</summary>
    public static string Describe(GenericChart chart)
    {
        ArgumentNullException.ThrowIfNull(chart);
        using var figure = JsonDocument.Parse(GenericChart.toFigureJson(chart));
        // The first line is the title, the others are its note.
        var title = string.Join(", ", ChartText.Title(figure.RootElement.GetProperty("layout")).Split('\n', 2)).ReplaceLineEndings(" ");
        var names = figure.RootElement.GetProperty("data").EnumerateArray()
            .Select(trace => trace.TryGetProperty("name", out var name) ? ChartText.Plain(name.GetString() ?? "") : "")
            .Where(name => name.Length > 0)
            .ToArray();
        return "Chart" + (title.Length > 0 ? ": " + title : "") + (names.Length > 0 ? " (" + string.Join(", ", names) + ")" : "");
    }

    private static readonly Lazy<string> PageScript = new(() => $$"""
        <script>
        if (!window.Plotly) (function (define, module, exports) {
        {{Resource(typeof(GenericChart).Assembly, ".min.js.LICENSE.txt")}}
        {{Resource(typeof(GenericChart).Assembly, ".min.js")}}
        }).call(window);
        {{Resource(typeof(ChartHtml).Assembly, "charts.js")}}
        </script>
        """);

    private static string Resource(Assembly assembly, string ending)
    {
        var name = assembly.GetManifestResourceNames().Single(candidate => candidate.EndsWith(ending, StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
        return reader.ReadToEnd();
    }

    // To the eye the same picture, in less than half the bytes.
    private static byte[] Smaller(byte[] png)
    {
        using var picture = SKBitmap.Decode(png);
        using var pixels = picture.PeekPixels();
        using var webp = pixels!.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossy, 75));
        return webp!.ToArray();
    }

    private static int Height(GenericChart chart) =>
        GenericChart.tryGetLayoutSize(chart).Item2 is { } height ? height.Value : DefaultHeight;

    // '<' stands only inside strings in JSON; escaped, no text can end the script element or open a comment in it.
    private static string SafeInScript(string json) =>
        json.Replace("<", "\\u003c", StringComparison.Ordinal)
            .Replace("\u2028", "\\u2028", StringComparison.Ordinal)
            .Replace("\u2029", "\\u2029", StringComparison.Ordinal);
}
