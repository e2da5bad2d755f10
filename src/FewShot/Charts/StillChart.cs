using System.Text.Json;
using FewShot.Runtime;
using ScottPlot;
using SkiaSharp;

namespace FewShot.Charts;

/// <summary>Draws a plotly.js figure without a browser, as far as the course's own charts go.</summary>
internal static class StillChart
{
    private const int Margin = 14;
    private const int LineHeight = 24;

    internal static byte[] Png(JsonElement figure, int width, int height)
    {
        var layout = figure.GetProperty("layout");
        using var plot = new Plot();
        var font = StillFont.For(figure);
        plot.Font.Set(font.Family);
        var (x, y) = (new StillAxis(layout, "xaxis"), new StillAxis(layout, "yaxis"));
        var traces = StillJson.Items(StillJson.Get(figure, "data"));
        new StillTraces(plot, x, y, layout).Draw(traces);
        Guides(plot, layout, x, y);
        Axes(plot, traces, x, y, width, height);
        Legend(plot, layout, traces);
        return Render(plot, layout, x, y, font, width, height);
    }

    private static void Guides(Plot plot, JsonElement layout, StillAxis x, StillAxis y)
    {
        foreach (var shape in StillJson.Items(StillJson.Get(layout, "shapes")))
        {
            if (StillJson.Text(shape, "type") != "line")
            {
                throw new FewShotException(
                    $"A shape of type \"{StillJson.Text(shape, "type")}\" has no still picture; straight lines across the chart have.");
            }

            var colour = StillColour.Parse(StillJson.Get(shape, "line", "color"), new Color(ChartStyle.Quiet));
            var thickness = (float)StillJson.Number(StillJson.Get(shape, "line", "width"), 2);
            if (StillJson.Text(shape, "xref") == "paper")
                plot.Add.HorizontalLine(y.Place(StillJson.Get(shape, "y0")), thickness, colour, LinePattern.Dashed);
            else
                plot.Add.VerticalLine(x.Place(StillJson.Get(shape, "x0")), thickness, colour, LinePattern.Dashed);
        }
    }

    private static void Axes(Plot plot, JsonElement[] traces, StillAxis x, StillAxis y, int width, int height)
    {
        if (traces.Any(trace => StillJson.Text(trace, "type") == "heatmap"))
            plot.Axes.Margins(0, 0);
        plot.Axes.AutoScale();
        var limits = plot.Axes.GetLimits();
        var (left, right) = Ends(x, limits.Left, limits.Right);
        var (bottom, top) = Ends(y, limits.Bottom, limits.Top);
        plot.Axes.SetLimits(left, right, bottom, top);
        plot.Axes.Bottom.TickGenerator = x.Ticks((left, right), 16 / (0.72 * width));
        plot.Axes.Left.TickGenerator = y.Ticks((bottom, top), 16 / (0.8 * height));
        foreach (var (axis, own) in new (IAxis, StillAxis)[] { (plot.Axes.Bottom, x), (plot.Axes.Left, y) })
        {
            axis.Label.Text = own.Title;
            axis.Label.FontSize = ChartStyle.LabelSize;
            axis.Label.Bold = false;
            axis.TickLabelStyle.FontSize = ChartStyle.TickSize;
            axis.MinorTickStyle.Length = 0;
            if (axis is ScottPlot.AxisPanels.AxisBase panel)
                panel.PaddingBetweenTickAndAxisLabels = new PixelPadding(6);
        }

        plot.Axes.Color(new Color(ChartStyle.Ink));
        plot.Axes.Right.FrameLineStyle.IsVisible = plot.Axes.Top.FrameLineStyle.IsVisible = false;
        plot.Grid.MajorLineColor = new Color(ChartStyle.Grid);
        plot.Grid.XAxisStyle.IsVisible = x.ShowsGrid;
        plot.Grid.YAxisStyle.IsVisible = y.ShowsGrid;
        Slant(plot, x, width * 0.72 / Math.Max(1, Math.Abs(right - left)));
    }

    private static (double Low, double High) Ends(StillAxis axis, double low, double high)
    {
        if (axis.Range is { } range)
            return range;
        if (axis.Categories > 0)
            (low, high) = (-0.6, axis.Categories - 0.4);
        return axis.IsReversed ? (high, low) : (low, high);
    }

    // Names that would run into each other stand on a slant, and need height for it.
    private static void Slant(Plot plot, StillAxis x, double room)
    {
        var length = x.Names.Labels.Select(label => label.Length).DefaultIfEmpty(0).Max() * 0.58f * ChartStyle.TickSize;
        if (x.IsLog || length < room * 0.95)
            return;
        plot.Axes.Bottom.TickLabelStyle.Rotation = 40;
        plot.Axes.Bottom.TickLabelStyle.Alignment = Alignment.MiddleLeft;
        plot.Axes.Bottom.MinimumSize = Math.Min(160, (0.64f * length) + 46);
    }

    private static void Legend(Plot plot, JsonElement layout, JsonElement[] traces)
    {
        var shows = StillJson.Get(layout, "showlegend");
        if (shows.ValueKind == JsonValueKind.False || (shows.ValueKind != JsonValueKind.True && traces.Length < 2))
        {
            plot.HideLegend();
            return;
        }

        plot.Legend.FontSize = ChartStyle.TickSize;
        plot.Legend.OutlineWidth = 0;
        plot.Legend.ShadowColor = Colors.Transparent;
        plot.Legend.BackgroundColor = Colors.White.WithAlpha(0.8);
        var legend = StillJson.Get(layout, "legend");
        if (StillJson.Number(StillJson.Get(legend, "x"), 1.02) > 1)
            plot.ShowLegend(Edge.Right);
        else
            plot.ShowLegend(StillJson.Number(StillJson.Get(legend, "y"), 1) < 0.5 ? Alignment.LowerRight : Alignment.UpperRight);
    }

    private static byte[] Render(Plot plot, JsonElement layout, StillAxis x, StillAxis y, StillFont font, int width, int height)
    {
        var title = ChartText.Title(layout).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var annotations = StillJson.Items(StillJson.Get(layout, "annotations"));
        var hasTextAbove = annotations.Any(one =>
            StillJson.Text(one, "yref") == "paper" && StillJson.Number(StillJson.Get(one, "y"), 0) >= 1);
        var above = hasTextAbove ? LineHeight / 2 : 0;
        var top = (title.Length * LineHeight) + above + Margin;
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Premul));
        using var canvas = new SKCanvas(bitmap);
        // Letters that no font here has become empty boxes: the picture says which, and what to do.
        var below = font.Missing.Length == 0 ? 0 : LineHeight;
        plot.Render(canvas, new PixelRect(Margin / 2, width - (2 * Margin), height - (Margin / 2) - below, top));
        // ScottPlot clears the whole canvas, so the white ground is put under what it has drawn.
        canvas.DrawColor(SKColors.White, SKBlendMode.DstOver);
        var room = width - (2 * Margin);
        for (var line = 0; line < title.Length; line++)
        {
            var isTitle = line == 0;
            var (size, colour) = isTitle ? (ChartStyle.TitleSize, ChartStyle.Ink) : (ChartStyle.TickSize, ChartStyle.Quiet);
            var bottom = (line + 1) * LineHeight;
            Write(canvas, font.Family, title[line], Margin, bottom, size, isTitle, colour, SKTextAlign.Left, room);
        }

        if (below > 0)
        {
            var letters = font.Missing.EnumerateRunes().ToList();
            var codes = string.Join(", ", letters.Take(4).Select(letter => $"U+{letter.Value:X4}"));
            var advice = $"No font here has all letters ({codes}{(letters.Count > 4 ? ", ..." : string.Empty)}). For Chinese, Japanese and "
                + "Korean on Debian and Ubuntu: apt-get install fonts-noto-cjk";
            Write(canvas, font.Family, advice, Margin, height - 8, ChartStyle.TickSize, false, ChartStyle.Ink, SKTextAlign.Left, room);
        }

        var data = plot.RenderManager.LastRender.DataRect;
        foreach (var shape in StillJson.Items(StillJson.Get(layout, "shapes")).Where(shape => StillJson.Text(shape, "xref") == "paper"))
        {
            var at = plot.GetPixel(new Coordinates(0, y.Place(StillJson.Get(shape, "y0"))));
            var text = ChartText.Plain(StillJson.Text(shape, "label", "text"));
            var (left, bottom) = (data.Left + 6, at.Y - 6);
            Write(canvas, font.Family, text, left, bottom, ChartStyle.TickSize, false, ChartStyle.Quiet, SKTextAlign.Left, data.Width);
        }

        foreach (var one in annotations)
        {
            var placed = plot.GetPixel(new Coordinates(x.Place(StillJson.Get(one, "x")), y.Place(StillJson.Get(one, "y"))));
            var atX = StillJson.Text(one, "xref") == "paper"
                ? data.Left + ((float)StillJson.Number(StillJson.Get(one, "x"), 0) * data.Width)
                : placed.X;
            var atY = StillJson.Text(one, "yref") == "paper"
                ? data.Bottom - ((float)StillJson.Number(StillJson.Get(one, "y"), 0) * data.Height)
                : placed.Y;
            var align = StillJson.Text(one, "xanchor") switch
            {
                "left" => SKTextAlign.Left,
                "right" => SKTextAlign.Right,
                _ => SKTextAlign.Center,
            };
            var text = ChartText.Plain(StillJson.Text(one, "text"));
            Write(canvas, font.Family, text, atX, atY - 6, ChartStyle.TickSize, false, ChartStyle.Quiet, align, width);
        }

        canvas.Flush();
        using var png = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }

    // Text too long for its place is set smaller rather than cut.
    private static void Write(
        SKCanvas canvas, string font, string text, float x, float y, int size, bool bold, string colour, SKTextAlign align, float room)
    {
        using var paint = new SKPaint { Color = SKColor.Parse(colour), IsAntialias = true };
        using var face = new SKFont(Fonts.GetTypeface(font, bold, false), size);
        var length = face.MeasureText(text);
        if (length > room)
            face.Size = Math.Max(8, size * room / length);
        canvas.DrawText(text, x, y, align, face, paint);
    }
}
