using System.Drawing;
using System.Globalization;
using System.Text.Json;
using Color = ScottPlot.Color;

namespace FewShot.Charts;

/// <summary>Colours as plotly.js writes them.</summary>
internal static class StillColour
{
    /// <summary>"#0072B2", "rgb(0, 114, 178)", "rgba(0, 114, 178, 0.5)" or "blue"; the fallback for none, or one per point.</summary>
    internal static Color Parse(JsonElement text, Color fallback)
    {
        if (text.ValueKind != JsonValueKind.String)
            return fallback;
        var name = text.GetString()!.Trim();
        if (name.StartsWith("rgb", StringComparison.OrdinalIgnoreCase))
        {
            var parts = name[(name.IndexOf('(', StringComparison.Ordinal) + 1)..].TrimEnd(')').Split(',', StringSplitOptions.TrimEntries);
            var numbers = parts.Select(part => double.TryParse(part, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
            var alpha = numbers.Length > 3 ? Byte(255 * numbers[3]) : (byte)255;
            return numbers.Length < 3 ? fallback : new Color(Byte(numbers[0]), Byte(numbers[1]), Byte(numbers[2]), alpha);
        }

        if (name.StartsWith('#') && name.Length is 4 or 7 && name[1..].All(char.IsAsciiHexDigit))
            return Color.FromColor(ColorTranslator.FromHtml(name));
        var known = System.Drawing.Color.FromName(name);
        return known.IsKnownColor ? Color.FromColor(known) : fallback;
    }

    /// <summary>A colour scale as a function of 0..1: from [[0, colour], ..., [1, colour]], else white to blue.</summary>
    internal static Func<double, Color> Scale(JsonElement scale)
    {
        var stops = scale.ValueKind == JsonValueKind.Array
            ? scale.EnumerateArray()
                .Select(stop => (At: stop[0].GetDouble(), Colour: Parse(stop[1], ScottPlot.Colors.Gray)))
                .OrderBy(stop => stop.At)
                .ToArray()
            : [(0.0, new Color("#F7FBFF")), (1.0, new Color("#08306B"))];
        return share =>
        {
            var upper = Array.FindIndex(stops, stop => stop.At >= share);
            if (upper <= 0)
                return upper < 0 ? stops[^1].Colour : stops[0].Colour;
            var (low, high) = (stops[upper - 1], stops[upper]);
            return low.Colour.InterpolateRgb(high.Colour, (share - low.At) / (high.At - low.At));
        };
    }

    /// <summary>Black or white, whichever is read better on this colour.</summary>
    internal static Color TextOn(Color background) =>
        (0.299 * background.R) + (0.587 * background.G) + (0.114 * background.B) > 140
            ? new Color(ChartStyle.Ink)
            : ScottPlot.Colors.White;

    private static byte Byte(double value) => (byte)Math.Clamp(Math.Round(value), 0, 255);
}
