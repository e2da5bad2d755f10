using System.Globalization;
using System.Text.Json;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace FewShot.Charts;

/// <summary>One axis of a figure: where a value lies on it, and its ticks. A logarithmic axis is drawn over the logarithm.</summary>
internal sealed class StillAxis
{
    private readonly JsonElement spec;
    private readonly List<string> categories = [];
    private readonly string suffix;

    internal StillAxis(JsonElement layout, string name)
    {
        spec = StillJson.Get(layout, name);
        IsLog = StillJson.Text(spec, "type") == "log";
        suffix = StillJson.Text(spec, "ticksuffix");
        Title = ChartText.Title(spec);
        IsReversed = StillJson.Text(spec, "autorange") == "reversed";
        ShowsGrid = StillJson.Get(spec, "showgrid").ValueKind != JsonValueKind.False;
    }

    internal string Title { get; }

    internal bool IsLog { get; }

    internal bool IsReversed { get; }

    internal bool ShowsGrid { get; }

    /// <summary>Number of names on it, 0 where it shows numbers.</summary>
    internal int Categories => categories.Count;

    /// <summary>The ends that the figure asks for, in drawn units.</summary>
    internal (double Low, double High)? Range =>
        StillJson.Get(spec, "range") is { ValueKind: JsonValueKind.Array } range && range.GetArrayLength() == 2
            ? (StillJson.Number(range[0]), StillJson.Number(range[1]))
            : null;

    /// <summary>Where a number or a name lies; not a number where it has no place.</summary>
    internal double Place(JsonElement value)
    {
        var number = StillJson.Number(value);
        if (value.ValueKind != JsonValueKind.String
            || (double.IsFinite(number) && StillJson.Text(spec, "type") != "category")
            || value.GetString() is "NaN" or "Infinity" or "-Infinity")
        {
            return Place(number);
        }

        var name = ChartText.Plain(value.GetString()!);
        if (!categories.Contains(name))
            categories.Add(name);
        return categories.IndexOf(name);
    }

    internal double Place(double value) => IsLog ? (value > 0 ? Math.Log10(value) : double.NaN) : value;

    /// <summary>Ticks with names instead of numbers, and where they are; empty where the axis shows numbers.</summary>
    internal (double[] Places, string[] Labels) Names
    {
        get
        {
            var values = StillJson.Items(StillJson.Get(spec, "tickvals"));
            if (values.Length == 0)
                return ([.. Enumerable.Range(0, categories.Count).Select(place => (double)place)], [.. categories]);
            var texts = StillJson.Items(StillJson.Get(spec, "ticktext"));
            return (
                [.. values.Select(Place)],
                [.. values.Select((value, i) => ChartText.Plain((i < texts.Length ? texts[i] : value).ToString()))]);
        }
    }

    /// <param name="limits">The ends of the axis.</param>
    /// <param name="room">Pixels per tick that a label needs at least, as a share of the axis' length: names that find no room are left
    /// out.</param>
    internal ITickGenerator Ticks((double Low, double High) limits, double room)
    {
        var (places, labels) = Names;
        if (places.Length > 0)
        {
            var step = IsLog ? 1 : Math.Max(1, (int)Math.Ceiling(places.Length * room));
            return new NumericManual([.. places.Where((_, i) => i % step == 0)], [.. labels.Where((_, i) => i % step == 0)]);
        }

        if (IsLog)
            return Decades(limits);
        var dtick = StillJson.Number(StillJson.Get(spec, "dtick"));
        if (dtick > 0 && Math.Abs(limits.High - limits.Low) / dtick < 100)
            return new NumericFixedInterval(dtick) { LabelFormatter = Format };
        return new NumericAutomatic { LabelFormatter = Format, IntegerTicksOnly = StillJson.Text(spec, "tickformat") == "d" };
    }

    private string Format(double value) =>
        Math.Round(value, 10).ToString(
            Math.Abs(value) is >= 1e7 or (< 1e-4 and > 0) ? "0.##e0" : "#,0.######", CultureInfo.InvariantCulture) + suffix;

    private NumericManual Decades((double Low, double High) limits)
    {
        var ticks = new NumericManual();
        int[] steps = Math.Abs(limits.High - limits.Low) < 4 ? [1, 2, 5] : [1];
        for (var decade = (int)Math.Floor(Math.Max(-300, limits.Low)); decade <= Math.Min(300, limits.High); decade++)
        {
            foreach (var step in steps)
                ticks.AddMajor(decade + Math.Log10(step), Format(step * Math.Pow(10, decade)));
        }

        return ticks;
    }
}
