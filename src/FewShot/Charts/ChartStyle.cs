using FewShot.Runtime;
using Microsoft.FSharp.Collections;
using Plotly.NET;
using Fields = System.Collections.Generic.Dictionary<string, object>;

namespace FewShot.Charts;

/// <summary>What all charts share: colours, sizes of text that can be read when projected, and plain axes.</summary>
internal static class ChartStyle
{
    internal const string Ink = "#222222";
    internal const string Grid = "#E3E3E3";
    internal const string Quiet = "#666666";
    internal const int TitleSize = 19;
    internal const int LabelSize = 16;
    internal const int TickSize = 14;

    // A line of a note holds so many characters, which is what a page of classic Notebook shows, and takes so many pixels of height.
    private const int NoteWidth = 100;
    private const int NoteLine = 22;

    /// <summary>
    /// Okabe and Ito's palette, told apart with every common kind of colour blindness (Wong, Nature Methods 8, 2011); its
    /// yellow, too faint on white, is left out.
    /// </summary>
    internal static readonly string[] Palette = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000"];

    // Series differ in their symbol as well as in their colour: prints and projectors lose colours.
    private static readonly string[] Symbols = ["circle", "square", "diamond", "triangle-up", "triangle-down", "x", "cross"];

    internal static string Colour(int series) => Palette[series % Palette.Length];

    internal static string Symbol(int series) => Symbols[series % Symbols.Length];

    internal static Trace2D Trace(string type, Fields fields)
    {
        var trace = new Trace2D(type);
        foreach (var (name, value) in fields)
            trace.SetProperty(name, value);
        return trace;
    }

    internal static GenericChart Chart(IEnumerable<Trace> traces, string title, string? note, Fields x, Fields y, Fields? more = null)
    {
        var layout = new Layout();
        var text = "<b>" + ChartText.Escape(title) + "</b>";
        var lines = note is null ? [] : ChartText.Wrap(note, NoteWidth);
        if (lines.Count > 0)
        {
            text += "<br><span style=\"font-size:14px;color:" + Quiet + "\">"
                + string.Join("<br>", lines.Select(ChartText.Escape)) + "</span>";
        }

        layout.SetProperty("title", new Fields
        {
            ["text"] = text,
            ["x"] = 0.01,
            ["xanchor"] = "left",
            ["y"] = 1.0,
            ["yref"] = "container",
            ["yanchor"] = "top",
            ["pad"] = new Fields { ["t"] = 26 },
            ["font"] = Font(TitleSize),
        });
        layout.SetProperty("font", Font(TickSize));
        layout.SetProperty("paper_bgcolor", "#FFFFFF");
        layout.SetProperty("plot_bgcolor", "#FFFFFF");
        var top = 60 + (NoteLine * lines.Count) + (more?.ContainsKey("annotations") == true ? 20 : 0);
        layout.SetProperty("margin", new Fields { ["l"] = 70, ["r"] = 24, ["t"] = top, ["b"] = 64 });
        layout.SetProperty("hoverlabel", new Fields { ["font"] = new Fields { ["size"] = TickSize } });
        layout.SetProperty("xaxis", x);
        layout.SetProperty("yaxis", y);
        foreach (var (name, value) in more ?? [])
            layout.SetProperty(name, value);
        return GenericChart.NewMultiChart(ListModule.OfSeq(traces), layout, new Config(), new DisplayOptions());
    }

    internal static Fields Axis(string title, Fields? more = null)
    {
        var axis = new Fields
        {
            ["title"] = new Fields { ["text"] = ChartText.Escape(title), ["font"] = Font(LabelSize), ["standoff"] = 12 },
            ["automargin"] = true,
            ["gridcolor"] = Grid,
            ["zeroline"] = false,
            ["showline"] = true,
            ["linecolor"] = Quiet,
            ["ticks"] = "outside",
            ["tickcolor"] = Quiet,
        };
        foreach (var (name, value) in more ?? [])
            axis[name] = value;
        return axis;
    }

    /// <summary>A legend in a corner of the plot, where it takes no width: "right" and "top" or "bottom".</summary>
    internal static Fields Legend(string vertical) => new()
    {
        ["x"] = 0.99,
        ["xanchor"] = "right",
        ["y"] = vertical == "top" ? 0.99 : 0.01,
        ["yanchor"] = vertical,
        ["bgcolor"] = "rgba(255,255,255,0.8)",
        ["font"] = Font(TickSize),
    };

    /// <summary>Dashed lines from left to right, each with its label on it.</summary>
    internal static void AddAcross(Fields layout, IEnumerable<ReferenceLine> lines) => layout["shapes"] = lines.Select(line =>
    {
        var shape = Line("paper", "y", 0, 1, 100 * line.Value, 100 * line.Value);
        shape["label"] = new Fields { ["text"] = ChartText.Escape(line.Label), ["textposition"] = "start", ["font"] = QuietFont };
        return shape;
    }).ToArray();

    /// <summary>A dashed line from bottom to top, its label above it, where no data is.</summary>
    internal static void AddUpright(Fields layout, double at, string label, double low, double high)
    {
        layout["shapes"] = new[] { Line("x", "paper", at, at, 0, 1) };
        layout["annotations"] = new[]
        {
            new Fields
            {
                ["x"] = at,
                ["xref"] = "x",
                ["xanchor"] = ((at - low) / (high - low)) switch { < 0.3 => "left", > 0.7 => "right", _ => "center" },
                ["y"] = 1.0,
                ["yref"] = "paper",
                ["yanchor"] = "bottom",
                ["text"] = ChartText.Escape(label),
                ["showarrow"] = false,
                ["font"] = QuietFont,
            },
        };
    }

    private static Fields Line(string xref, string yref, double x0, double x1, double y0, double y1) => new()
    {
        ["type"] = "line",
        ["xref"] = xref,
        ["yref"] = yref,
        ["x0"] = x0,
        ["x1"] = x1,
        ["y0"] = y0,
        ["y1"] = y1,
        ["line"] = new Fields { ["color"] = Quiet, ["width"] = 1.5, ["dash"] = "dash" },
    };

    private static Fields QuietFont => new() { ["size"] = TickSize, ["color"] = Quiet };

    /// <summary>Rejects what no chart can show.</summary>
    /// <exception cref="FewShotException">The value is not finite.</exception>
    internal static double Percent(double share, string where) =>
        double.IsFinite(share)
            ? 100 * share
            : throw new FewShotException($"{where}: a share to draw must be a finite number; found {share}.");

    internal static Fields Font(int size) => new()
    {
        ["family"] = "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif",
        ["size"] = size,
        ["color"] = Ink,
    };
}
