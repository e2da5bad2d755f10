using System.Globalization;
using FewShot.Charts;
using FewShot.Evaluation;
using FewShot.Studies;

namespace FewShot.Kernel.Commands;

/// <summary>The table of accuracy against labels as a page that needs no network: the chart, and below it the figures.</summary>
internal static class LabelTablePage
{
    public static string Of(LabelTableResult result)
    {
        var record = result.Record;
        var title = record.UsesStandIn ? $"STAND-IN IMAGES: {record.Name}" : record.Name;
        var note = string.Create(
            CultureInfo.InvariantCulture,
            $"{result.Size} px, {result.DrawCount} draws, {result.ImageCount:N0} test images, 95 % interval over draws");
        var chart = AccuracyByLabels.Of(
            [.. result.Methods.Select(method => (
                method,
                (IReadOnlyList<(int, Estimate)>)[.. result.PerClass.Select(count =>
                    (count, Estimate.Of(result.Accuracy(method, count))))]))],
            title: title,
            note: note);
        var table = HtmlTable.Of(
            ["labels of each class", .. result.PerClass.Select(count => count.ToString(CultureInfo.InvariantCulture))],
            result.Methods.Select(method => (IReadOnlyList<object?>)
            [
                method,
                .. result.PerClass.Select(count => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Estimate.Of(result.Accuracy(method, count))} in {result.Seconds(method, count):0.00} s")),
            ]),
            note);
        return $"""
            <!DOCTYPE html>
            <html lang="en">
            <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{Escaped(title)}</title></head>
            <body style="font-family:sans-serif;margin:2em auto;max-width:75em">
            <h1>{Escaped(title)}</h1>
            {ChartHtml.Script()}
            {ChartHtml.Fragment(chart, ChartHtml.StillPng(chart))}
            {table.Html}
            <p>{Escaped(record.Protocol ?? "")}</p>
            <p>{Escaped($"{record.Weights}; {record.Processor}; commit {record.Commit}")}</p>
            </body>
            </html>

            """;
    }

    private static string Escaped(string text) => System.Net.WebUtility.HtmlEncode(text);
}
