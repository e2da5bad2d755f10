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

    /// <summary>Number of names on it, 0 where it counts.</summary>
    internal int Categories => categories.Count;

    /// <summary>The ends that the figure asks for, in drawn units.</summary>
    internal (double Low, double High)? Range
        => StillJson.Get(spec, "range") is { ValueKind: JsonValueKind.Array } range && range.GetArrayLength() == 2 ? (StillJson.Number(range[0]), StillJson.Number(range[1])) : null;

    /// <summary>Where a number or a name lies; not a number where it has no place.</summary>
    internal double Place(JsonElement value)
    {
        var number = StillJson.Number(value);
        if (value.ValueKind != JsonValueKind.String || (double.IsFinite(number) && StillJson.Text(spec, "type") != "category") || value.GetString() is "NaN" or "Infinity" or "-Infinity")
            return Place(number);
        var name = ChartText.Plain(value.GetString()!);
        if (!categories.Contains(name))
            categories.Add(name);
        return categories.IndexOf(name);
    }

    internal double Place(double value) => IsLog ? (value > 0 ? Math.Log10(value) : double.NaN) : value;

    internal ITickGenerator Ticks((double Low, double High) limits)
    {
        var values = StillJson.Get(spec, "tickvals");
        if (values.ValueKind == JsonValueKind.Array)
        {
            var places = values.EnumerateArray().Select(Place).ToArray();
            var texts = StillJson.Get(spec, "ticktext");
            var labels = texts.ValueKind == JsonValueKind.Array ? texts.EnumerateArray().Select(text => ChartText.Plain(text.ToString())).ToArray() : [.. values.EnumerateArray().Select(value => value.ToString())];
            var count = Math.Min(places.Length, labels.Length);
            return new NumericManual(places[..count], labels[..count]);
        }

        if (categories.Count > 0)
            return new NumericManual([.. Enumerable.Range(0, categories.Count).Select(place => (double)place)], [.. categories]);
        if (IsLog)
            return Decades(limits);
        var dtick = StillJson.Number(StillJson.Get(spec, "dtick"));
        if (dtick > 0 && Math.Abs(limits.High - limits.Low) / dtick < 100)
            return new NumericFixedInterval(dtick) { LabelFormatter = Format };
        return new NumericAutomatic { LabelFormatter = Format, IntegerTicksOnly = StillJson.Text(spec, "tickformat") == "d" };
    }

    private string Format(double value)
        => Math.Round(value, 10).ToString(Math.Abs(value) is >= 1e7 or (< 1e-4 and > 0) ? "0.##e0" : "#,0.######", CultureInfo.InvariantCulture) + suffix;

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
