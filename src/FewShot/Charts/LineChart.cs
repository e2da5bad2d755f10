using FewShot.Runtime;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>How a series is drawn.</summary>
public enum SeriesStyle
{
    /// <summary>A line through all points.</summary>
    Line,

    /// <summary>A dashed line, for what was before or what is only known to us.</summary>
    Dashed,

    /// <summary>The points alone, for data.</summary>
    Points,
}

/// <summary>One line or cloud of points.</summary>
/// <param name="Name">In the legend.</param>
/// <param name="X">One number per point, in the order in which a line joins them.</param>
/// <param name="Y">One number per point; not a number leaves a gap.</param>
/// <param name="Style">Line, dashed line or points.</param>
public sealed record Series(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, SeriesStyle Style = SeriesStyle.Line);

/// <summary>Functions and data over one number: a sine wave, its samples and the fits to it.</summary>
public static class LineChart
{
    /// <summary>Draws each series in its own colour.</summary>
    /// <exception cref="FewShotException">There is no series, or one has not as many x as y.</exception>
    public static GenericChart Of(IReadOnlyList<Series> series, string xTitle, string yTitle, string title, string? note = null)
    {
        ArgumentNullException.ThrowIfNull(series);
        if (series.Count == 0)
            throw new FewShotException($"\"{title}\" has no series to draw.");
        if (series.FirstOrDefault(one => one.X.Count != one.Y.Count) is { } odd)
            throw new FewShotException($"\"{title}\": the series \"{odd.Name}\" has {odd.X.Count} x values and {odd.Y.Count} y values.");
        var more = new Fields { ["showlegend"] = true, ["legend"] = new Fields { ["font"] = ChartStyle.Font(ChartStyle.TickSize) } };
        return ChartStyle.Chart(series.Select(Draw), title, note, ChartStyle.Axis(xTitle), ChartStyle.Axis(yTitle), more);
    }

    private static Trace2D Draw(Series series, int number)
    {
        var fields = new Fields
        {
            ["mode"] = series.Style == SeriesStyle.Points ? "markers" : "lines",
            ["name"] = ChartText.Escape(series.Name),
            ["x"] = series.X.ToArray(),
            ["y"] = series.Y.ToArray(),
        };
        if (series.Style == SeriesStyle.Points)
        {
            fields["marker"] = new Fields { ["color"] = ChartStyle.Colour(number), ["size"] = 12, ["symbol"] = ChartStyle.Symbol(number) };
        }
        else
        {
            fields["line"] = new Fields
            {
                ["color"] = ChartStyle.Colour(number),
                ["width"] = 3,
                ["dash"] = series.Style == SeriesStyle.Dashed ? "dash" : "solid",
            };
        }

        return ChartStyle.Trace("scatter", fields);
    }
}
