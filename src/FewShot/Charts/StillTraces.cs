using System.Text.Json;
using FewShot.Runtime;
using ScottPlot;
using ScottPlot.Plottables;

namespace FewShot.Charts;

/// <summary>The traces of a figure on a ScottPlot plot.</summary>
internal sealed class StillTraces(Plot plot, StillAxis x, StillAxis y, JsonElement layout)
{
    private const int MostPoints = 200_000;
    private const int MostTraces = 200;
    private const int MostCells = 40_000;
    private int points;

    /// <summary>Draws all of them.</summary>
    /// <exception cref="FewShotException">One is of a type that has no still picture, or there is too much to draw.</exception>
    internal void Draw(JsonElement[] traces)
    {
        if (traces.Length > MostTraces)
            throw new FewShotException($"A still picture holds at most {MostTraces} series; this chart has {traces.Length}.");
        var bars = traces.Where(trace => StillJson.Text(trace, "type") == "bar").ToArray();
        for (var i = 0; i < traces.Length; i++)
        {
            var trace = traces[i];
            if (StillJson.Text(trace, "xaxis") is not ("" or "x") || StillJson.Text(trace, "yaxis") is not ("" or "y"))
                throw new FewShotException("A chart of several plots has no still picture: show each plot as its own chart.");
            switch (StillJson.Text(trace, "type"))
            {
                case "scatter" or "scattergl" or "":
                    Scatter(trace, i);
                    break;
                case "bar":
                    Bar(trace, i, Array.IndexOf(bars, trace), bars.Length);
                    break;
                case "heatmap":
                    Heatmap(trace);
                    break;
                case var type:
                    throw new FewShotException($"A chart of type \"{type}\" has no still picture; lines, points, bars and heatmaps have.");
            }
        }
    }

    private void Scatter(JsonElement trace, int number)
    {
        var (xs, ys, pointCount) = Points(trace);
        var colour = Colour(trace, number);
        var mode = StillJson.Text(trace, "mode") is { Length: > 0 } given ? given : pointCount < 20 ? "lines+markers" : "lines";
        var name = ChartText.Plain(StillJson.Text(trace, "name"));
        for (int from = 0; from < pointCount;)
        {
            // A point without a place breaks the line.
            if (!double.IsFinite(xs[from]) || !double.IsFinite(ys[from]))
            {
                from++;
                continue;
            }

            var to = from + 1;
            while (to < pointCount && double.IsFinite(xs[to]) && double.IsFinite(ys[to]))
                to++;
            var part = plot.Add.Scatter(xs[from..to], ys[from..to], colour);
            part.LineColor = StillColour.Parse(StillJson.Get(trace, "line", "color"), colour);
            part.LineWidth = mode.Contains("lines", StringComparison.Ordinal)
                ? (float)StillJson.Number(StillJson.Get(trace, "line", "width"), 2)
                : 0;
            part.LinePattern = Dash(StillJson.Text(trace, "line", "dash"));
            part.MarkerSize = mode.Contains("markers", StringComparison.Ordinal)
                ? (float)StillJson.Number(StillJson.Get(trace, "marker", "size"), 6)
                : 0;
            part.MarkerShape = Shape(StillJson.Text(trace, "marker", "symbol"));
            part.MarkerColor = StillColour.Parse(StillJson.Get(trace, "marker", "color"), colour);
            part.LegendText = name;
            name = "";
            from = to;
        }

        Errors(trace, xs, ys, colour);
    }

    private void Bar(JsonElement trace, int number, int position, int group)
    {
        if (group > 1 && StillJson.Text(layout, "barmode") is var mode and not ("" or "group"))
            throw new FewShotException($"Bars in the mode \"{mode}\" have no still picture; side by side (\"group\") they have.");
        var horizontal = StillJson.Text(trace, "orientation") == "h";
        var (xs, ys, count) = Points(trace);
        var (places, values) = horizontal ? (ys, xs) : (xs, ys);
        var distance = places.Order().Zip(places.Order().Skip(1), (a, b) => b - a).Where(gap => gap > 0).DefaultIfEmpty(1).Min();
        var room = distance * (1 - StillJson.Number(StillJson.Get(layout, "bargap"), 0.2));
        var colour = Colour(trace, number);
        var colours = StillJson.Items(StillJson.Get(trace, "marker", "color"));
        var bars = new List<Bar>();
        for (var i = 0; i < count; i++)
        {
            if (!double.IsFinite(places[i]) || !double.IsFinite(values[i]))
                continue;
            places[i] += room * (position - ((group - 1) / 2.0)) / group;
            bars.Add(new Bar
            {
                Position = places[i],
                Value = values[i],
                Size = room / group,
                Orientation = horizontal ? Orientation.Horizontal : Orientation.Vertical,
                FillColor = i < colours.Length ? StillColour.Parse(colours[i], colour) : colour,
                LineWidth = 0,
            });
        }

        plot.Add.Bars(bars).LegendText = ChartText.Plain(StillJson.Text(trace, "name"));
        var texts = StillJson.Items(StillJson.Get(trace, "text"));
        for (var i = 0; i < Math.Min(texts.Length, count); i++)
        {
            var text = plot.Add.Text(ChartText.Plain(texts[i].ToString()), horizontal ? 0 : places[i], horizontal ? places[i] : values[i]);
            text.LabelAlignment = horizontal ? Alignment.MiddleLeft : Alignment.LowerCenter;
            text.OffsetX = horizontal ? 8 : 0;
            text.OffsetY = horizontal ? 0 : -4;
            text.LabelFontSize = ChartStyle.LabelSize;
            text.LabelFontColor = horizontal ? StillColour.TextOn(colour) : new Color(ChartStyle.Ink);
        }

        Errors(trace, horizontal ? values : places, horizontal ? places : values, new Color(ChartStyle.Ink));
    }

    private void Heatmap(JsonElement trace)
    {
        var rows = StillJson.Items(StillJson.Get(trace, "z")).Select(row => StillJson.Items(row)).ToArray();
        if (rows.Sum(row => row.Length) > MostCells)
        {
            throw new FewShotException(
                $"A still picture holds at most {MostCells:N0} cells; this heatmap has {rows.Sum(row => (long)row.Length):N0}.");
        }

        var values = rows.Select(row => row.Select(cell => StillJson.Number(cell)).ToArray()).ToArray();
        var finite = values.SelectMany(row => row).Where(double.IsFinite).DefaultIfEmpty(0).ToArray();
        var low = StillJson.Number(StillJson.Get(trace, "zmin"), finite.Min());
        var high = StillJson.Number(StillJson.Get(trace, "zmax"), finite.Max());
        var scale = StillColour.Scale(StillJson.Get(trace, "colorscale"));
        var columns = Centres(StillJson.Get(trace, "x"), x, rows.Select(row => row.Length).DefaultIfEmpty(0).Max());
        var lines = Centres(StillJson.Get(trace, "y"), y, rows.Length);
        var texts = StillJson.Items(StillJson.Get(trace, "text")).Select(row => StillJson.Items(row)).ToArray();
        for (var row = 0; row < values.Length; row++)
        {
            for (var column = 0; column < values[row].Length; column++)
            {
                if (!double.IsFinite(values[row][column]))
                    continue;
                var colour = scale(high > low ? Math.Clamp((values[row][column] - low) / (high - low), 0, 1) : 0);
                var cell = plot.Add.Rectangle(columns[column] - 0.5, columns[column] + 0.5, lines[row] - 0.5, lines[row] + 0.5);
                cell.FillColor = colour;
                cell.LineColor = Colors.White;
                cell.LineWidth = rows.Length <= 40 ? 1 : 0;
                if (row < texts.Length && column < texts[row].Length)
                    Label(ChartText.Plain(texts[row][column].ToString()), columns[column], lines[row], colour);
            }
        }

        if (StillJson.Get(trace, "showscale").ValueKind == JsonValueKind.False)
            return;

        // A stand-in of two cells: the cells above are rectangles, the bar beside them needs something to describe.
        var colours = Enumerable.Range(0, 101).Select(i => scale(i / 100.0)).ToArray();
        var key = new Heatmap(new double[,] { { low, high } }) { Colormap = new ScottPlot.Colormaps.CustomInterpolated(colours) };
        key.Update();
        var bar = plot.Add.ColorBar(key);
        bar.Label = ChartText.Title(StillJson.Get(trace, "colorbar")).ReplaceLineEndings(" ");
        bar.LabelStyle.FontSize = ChartStyle.TickSize;
        bar.Axis.TickLabelStyle.FontSize = ChartStyle.TickSize;
        var suffix = StillJson.Text(trace, "colorbar", "ticksuffix");
        bar.Axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
        {
            LabelFormatter = value => value.ToString("#,0.####", System.Globalization.CultureInfo.InvariantCulture) + suffix,
        };
    }

    private void Label(string text, double atX, double atY, Color background)
    {
        var label = plot.Add.Text(text, atX, atY);
        label.LabelAlignment = Alignment.MiddleCenter;
        label.LabelFontSize = ChartStyle.TickSize;
        label.LabelFontColor = StillColour.TextOn(background);
    }

    // Cells are one wide, as names and counted classes are; other positions would need other widths.
    private static double[] Centres(JsonElement given, StillAxis axis, int count)
    {
        var items = StillJson.Items(given);
        return [.. Enumerable.Range(0, count).Select(i =>
            items.Length == count && axis.Place(items[i]) is var place && place == Math.Round(place) ? place : i)];
    }

    private void Errors(JsonElement trace, double[] xs, double[] ys, Color colour)
    {
        foreach (var (name, axis, horizontal) in new[] { ("error_x", x, true), ("error_y", y, false) })
        {
            var error = StillJson.Get(trace, name);
            var up = StillJson.Items(StillJson.Get(error, "array"));
            if (up.Length == 0)
                continue;
            var down = StillJson.Get(error, "symmetric").ValueKind == JsonValueKind.False
                ? StillJson.Items(StillJson.Get(error, "arrayminus"))
                : up;
            var count = Math.Min(Math.Min(xs.Length, ys.Length), Math.Min(up.Length, down.Length));
            var kept = Enumerable.Range(0, count).Where(i => double.IsFinite(xs[i]) && double.IsFinite(ys[i])).ToArray();
            double Length(double at, double by) =>
                Math.Abs(axis.Place((axis.IsLog ? Math.Pow(10, at) : at) + by) - at) is var length && double.IsFinite(length) ? length : 0;
            double[] Lengths(JsonElement[] lengths, int sign) =>
                [.. kept.Select(i => Length(horizontal ? xs[i] : ys[i], sign * StillJson.Number(lengths[i], 0)))];
            var (minus, plus, none) = (Lengths(down, -1), Lengths(up, 1), new double[kept.Length]);
            double[] px = [.. kept.Select(i => xs[i])], py = [.. kept.Select(i => ys[i])];
            var bars = horizontal ? new ErrorBar(px, py, minus, plus, none, none) : new ErrorBar(px, py, none, none, minus, plus);
            bars.Color = StillColour.Parse(StillJson.Get(error, "color"), colour);
            bars.LineWidth = (float)StillJson.Number(StillJson.Get(error, "thickness"), 2);
            bars.CapSize = (float)StillJson.Number(StillJson.Get(error, "width"), 4);
            plot.Add.Plottable(bars);
        }
    }

    private (double[] X, double[] Y, int Count) Points(JsonElement trace)
    {
        var (xs, ys) = (StillJson.Items(StillJson.Get(trace, "x")), StillJson.Items(StillJson.Get(trace, "y")));
        points += Math.Max(xs.Length, ys.Length);
        if (points > MostPoints)
            throw new FewShotException($"A still picture holds at most {MostPoints:N0} points; this chart has more.");
        var count = xs.Length == 0 ? ys.Length : ys.Length == 0 ? xs.Length : Math.Min(xs.Length, ys.Length);
        double[] Places(JsonElement[] values, StillAxis axis) =>
            [.. Enumerable.Range(0, count).Select(i => values.Length == 0 ? axis.Place(i) : axis.Place(values[i]))];
        return (Places(xs, x), Places(ys, y), count);
    }

    private static Color Colour(JsonElement trace, int number)
    {
        var own = StillColour.Parse(StillJson.Get(trace, "line", "color"), new Color(ChartStyle.Colour(number)));
        return StillColour.Parse(StillJson.Get(trace, "marker", "color"), own);
    }

    private static LinePattern Dash(string name) => name switch
    {
        "dash" or "longdash" => LinePattern.Dashed,
        "dot" => LinePattern.Dotted,
        "dashdot" or "longdashdot" => LinePattern.DenselyDashed,
        _ => LinePattern.Solid,
    };

    private static MarkerShape Shape(string name) => name switch
    {
        "square" => MarkerShape.FilledSquare,
        "diamond" => MarkerShape.FilledDiamond,
        "triangle-up" => MarkerShape.FilledTriangleUp,
        "triangle-down" => MarkerShape.FilledTriangleDown,
        "x" => MarkerShape.Eks,
        "cross" => MarkerShape.Cross,
        _ => MarkerShape.FilledCircle,
    };
}
