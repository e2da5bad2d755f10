using System.Globalization;
using System.Net;
using System.Text;
using Microsoft.DotNet.Interactive.Formatting;
using ScottPlot;
using SkiaSharp;

namespace FewShot.Kernel.Display;

/// <summary>
/// Pictures of SkiaSharp, plots of ScottPlot and tables of Microsoft.Data.Analysis, which by their members would say little. They are known
/// by the names of their types, so that nothing is loaded for a cell that has none. A formatter that somebody registers goes before.
/// </summary>
internal static class KnownValues
{
    private const string Png = "image/png";
    private const int PlotWidth = 700, PlotHeight = 450;

    /// <summary>The value by MIME type; null where it is none of these.</summary>
    public static IReadOnlyDictionary<string, string>? Render(object value)
    {
        var type = value.GetType();
        for (var known = type; known is not null && known != typeof(object); known = known.BaseType)
        {
            Func<object, IReadOnlyDictionary<string, string>?>? render = known.FullName switch
            {
                "SkiaSharp.SKBitmap" or "SkiaSharp.SKImage" => Picture,
                "ScottPlot.Plot" or "ScottPlot.Multiplot" => Plot,
                "Microsoft.Data.Analysis.DataFrame" => Table,
                _ => null,
            };
            if (render is not null)
                return DefaultFormatters.IsRegistered(type, HtmlFormatter.MimeType) ? null : render(value);
        }

        return null;
    }

    private static Dictionary<string, string>? Picture(object value)
    {
        using var data = value is SKBitmap bitmap
            ? bitmap.Encode(SKEncodedImageFormat.Png, 100)
            : ((SKImage)value).Encode(SKEncodedImageFormat.Png, 100);
        // An empty picture, or one in a format of pixels that PNG has not.
        if (data is null)
            return null;
        var (width, height) = value is SKBitmap map ? (map.Width, map.Height) : (((SKImage)value).Width, ((SKImage)value).Height);
        return Form(data.ToArray(), $"A picture of {width} x {height} pixels ({value.GetType().Name})");
    }

    private static Dictionary<string, string> Plot(object value) => Form(
        value is Plot plot
            ? plot.GetImageBytes(PlotWidth, PlotHeight, ImageFormat.Png)
            : ((Multiplot)value).Render(PlotWidth, PlotHeight).GetImageBytes(ImageFormat.Png),
        $"A plot of ScottPlot ({value.GetType().Name})");

    private static Dictionary<string, string> Form(byte[] png, string text) =>
        new() { [Png] = Convert.ToBase64String(png), [PlainTextFormatter.MimeType] = text };

    /// <summary>The first rows. The package is none of this program's, so its members are bound by name.</summary>
    private static Dictionary<string, string> Table(dynamic frame)
    {
        long rows = frame.Rows.Count;
        var shown = Math.Min(rows, Formatter.ListExpansionLimit);
        var html = new StringBuilder("<table><thead><tr><th><i>index</i></th>");
        foreach (var column in frame.Columns)
            html.Append("<th>").Append(Encoded((object)column.Name)).Append("</th>");
        html.Append("</tr></thead><tbody>");
        for (long row = 0; row < shown; row++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><td><i>{row}</i></td>");
            foreach (var column in frame.Columns)
                html.Append("<td>").Append(Encoded((object?)column[row])).Append("</td>");
            html.Append("</tr>");
        }

        html.Append("</tbody></table>");
        if (rows > shown)
            html.Append(CultureInfo.InvariantCulture, $"<p><i>({rows - shown:N0} more rows of {rows:N0})</i></p>");
        return new() { [HtmlFormatter.MimeType] = html.ToString() };
    }

    private static string Encoded(object? value) =>
        WebUtility.HtmlEncode(value is null ? Formatter.NullString : Convert.ToString(value, CultureInfo.InvariantCulture)) ?? string.Empty;
}
