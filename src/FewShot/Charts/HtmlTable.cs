using System.Globalization;
using System.Net;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Charts;

/// <summary>A small table. Columns that hold only numbers are aligned to the right.</summary>
public static class HtmlTable
{
    private const string Border = "1px solid rgba(128,128,128,0.5)";

    /// <summary>A table as HTML and as text.</summary>
    /// <param name="header">The name of each column.</param>
    /// <param name="rows">One cell per column; numbers and dates are written the same in every country, null is left empty.</param>
    /// <param name="caption">A line above it.</param>
    /// <exception cref="FewShotException">There is no column, or a row has not one cell per column.</exception>
    public static HtmlFigure Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<object?>> rows, string? caption = null)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(rows);
        var cells = rows.Select(row => row.Select(cell => Convert.ToString(cell, CultureInfo.InvariantCulture) ?? "").ToArray()).ToArray();
        if (header.Count == 0)
            throw new FewShotException("A table needs at least one column.");
        if (Array.FindIndex(cells, row => row.Length != header.Count) is var odd and >= 0)
            throw new FewShotException($"Row {odd + 1} of the table has {cells[odd].Length} cells for {header.Count} columns.");
        var numeric = header.Select((_, column) => cells.Length > 0 && cells.All(row => IsNumber(row[column]))).ToArray();
        return new HtmlFigure(Html(header, cells, numeric, caption), Text(header, cells, numeric, caption));
    }

    // "81.3 %", "81.3 % [80.9, 81.7]", "1,000", "-0.5" and an empty cell or a dash are numbers to the eye.
    private static bool IsNumber(string cell) =>
        cell.Length == 0
            || cell is "-"
            || ((char.IsAsciiDigit(cell[0]) || (cell[0] is '-' or '+' && cell.Length > 1)) && !cell.Any(char.IsLetter));

    private static string Html(IReadOnlyList<string> header, string[][] cells, bool[] numeric, string? caption)
    {
        var html = new StringBuilder();
        // No <caption>: that is broken to the width of its table, into one word a line above a narrow one.
        if (caption is not null)
        {
            html.Append("<figure style=\"margin:0\">")
                .Append("<figcaption style=\"max-width:60em;text-align:left;color:inherit;font-weight:bold;padding:4px 0\">")
                .Append(WebUtility.HtmlEncode(caption))
                .Append("</figcaption>");
        }

        // Colours come from the page, so that the table reads on dark themes too.
        html.Append("<table style=\"margin:0 0 12px;border-collapse:collapse;font-size:1em;color:inherit;background:transparent\">");
        Row(html.Append("<thead>"), "th scope=\"col\"", "th", header, numeric);
        html.Append("</thead><tbody>");
        foreach (var row in cells)
            Row(html, "td", "td", row, numeric);
        return html.Append("</tbody></table>").Append(caption is null ? string.Empty : "</figure>").ToString();
    }

    private static void Row(StringBuilder html, string open, string close, IReadOnlyList<string> cells, bool[] numeric)
    {
        html.Append("<tr>");
        for (var column = 0; column < cells.Count; column++)
        {
            html.Append('<')
                .Append(open)
                .Append(" style=\"text-align:")
                .Append(numeric[column] ? "right;font-variant-numeric:tabular-nums" : "left");
            // An interval stays on the line of its figure.
            if (numeric[column] && close == "td")
                html.Append(";white-space:nowrap");
            html.Append(";padding:4px 12px;border-bottom:")
                .Append(Border)
                .Append("\">")
                .Append(WebUtility.HtmlEncode(cells[column]))
                .Append("</")
                .Append(close)
                .Append('>');
        }

        html.Append("</tr>");
    }

    private static string Text(IReadOnlyList<string> header, string[][] cells, bool[] numeric, string? caption)
    {
        var widths = header.Select((name, column) => cells.Select(row => row[column].Length).Append(name.Length).Max()).ToArray();
        string Line(IReadOnlyList<string> row) => string.Join("  ", row.Select((cell, column) =>
            numeric[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]))).TrimEnd();
        var lines = new List<string> { Line(header), string.Join("  ", widths.Select(width => new string('-', width))) };
        lines.AddRange(cells.Select(Line));
        if (caption is not null)
            lines.Insert(0, caption);
        return string.Join('\n', lines);
    }
}
