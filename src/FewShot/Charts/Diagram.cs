using System.Globalization;
using System.Net;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Charts;

/// <summary>
/// Boxes on a grid, joined by arrows, as SVG: the map of a chapter. Lines and letters have the colour of the page's text, so that it
/// reads on light and dark pages alike.
/// </summary>
/// <param name="title">What it shows, in a few words: it stands above, and begins the text alternative.</param>
public sealed class Diagram(string title)
{
    private const int BoxWidth = 164, BoxHeight = 70, GapAcross = 66, GapDown = 44, Margin = 6, LineHeight = 18;

    /// <summary>Letters of 14 pixels that fit into a box, and of 12 that fit above an arrow between neighbours.</summary>
    private const int LongestLine = 20, LongestLabel = 11, MostLines = 3;

    private readonly List<Node> nodes = [];
    private readonly List<(Node From, Node To, string Label)> arrows = [];

    /// <summary>Adds a box.</summary>
    /// <param name="name">What arrows call it.</param>
    /// <param name="column">From 0, left to right.</param>
    /// <param name="row">From 0, downwards.</param>
    /// <param name="text">One to three lines of at most 20 letters, parted by line feeds.</param>
    /// <param name="accent">Whether it is what the chapter is about.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="FewShotException">The name or place is taken, or the text does not fit.</exception>
    public Diagram Box(string name, int column, int row, string text, bool accent = false)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfNegative(row);
        if (nodes.Find(node => node.Name == name || (node.Column == column && node.Row == row)) is { } other)
            throw new FewShotException($"The box \"{name}\" has the name or the place of the box \"{other.Name}\". Give it its own.");
        var lines = text.Split('\n');
        if (lines.Length > MostLines || lines.Any(line => Width(line) > LongestLine))
            throw new FewShotException($"The text of the box \"{name}\" does not fit: {MostLines} lines of {LongestLine} letters do.");
        nodes.Add(new Node(name, column, row, lines, accent));
        return this;
    }

    /// <summary>Adds an arrow from one box to another.</summary>
    /// <param name="from">Name of the box where it begins.</param>
    /// <param name="to">Name of the box where it ends.</param>
    /// <param name="label">At most 11 letters beside it; empty for none.</param>
    /// <returns>This diagram.</returns>
    /// <exception cref="FewShotException">There is no such box, or the label does not fit.</exception>
    public Diagram Arrow(string from, string to, string label = "")
    {
        ArgumentNullException.ThrowIfNull(label);
        if (from == to)
            throw new FewShotException($"An arrow leads from one box to another; both are \"{from}\".");
        if (Width(label) > LongestLabel)
            throw new FewShotException($"The label \"{label}\" of an arrow does not fit: {LongestLabel} letters do.");
        arrows.Add((Find(from), Find(to), label));
        return this;
    }

    /// <summary>The picture, with its content in words as the text alternative.</summary>
    /// <exception cref="FewShotException">There is no box.</exception>
    public HtmlFigure Draw()
    {
        if (nodes.Count == 0)
            throw new FewShotException("A diagram needs at least one box.");
        var width = Left(nodes.Max(node => node.Column)) + BoxWidth + Margin;
        var height = Top(nodes.Max(node => node.Row)) + BoxHeight + Margin;
        var words = InWords();
        // On a telephone letters would shrink with the picture: from 560 pixels on, it is scrolled instead.
        var html = new StringBuilder(
            "<figure style=\"margin:0;overflow-x:auto\"><figcaption style=\"font-weight:bold;padding:4px 0\">"
            + $"{WebUtility.HtmlEncode(title)}</figcaption>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<svg role=\"img\" aria-label=\"{WebUtility.HtmlEncode(words)}\" viewBox=\"0 0 {width} {height}\" ");
        html.Append(
            CultureInfo.InvariantCulture,
            $"style=\"display:block;width:100%;max-width:{width}px;min-width:{Math.Min(width, 560)}px;color:inherit\" ");
        html.Append("font-family=\"sans-serif\" fill=\"currentColor\" stroke=\"none\">");
        foreach (var (from, to, label) in arrows)
            DrawArrow(html, from, to, label);
        foreach (var node in nodes)
            DrawBox(html, node);
        return new HtmlFigure(html.Append("</svg></figure>").ToString(), words);
    }

    private static int Left(int column) => Margin + (column * (BoxWidth + GapAcross));

    private static int Top(int row) => Margin + (row * (BoxHeight + GapDown));

    /// <summary>Chinese characters are as wide as two letters.</summary>
    private static int Width(string text) => text.Sum(letter => letter >= 0x2E80 ? 2 : 1);

    private static void DrawBox(StringBuilder html, Node node)
    {
        html.Append(
            CultureInfo.InvariantCulture,
            $"<rect x=\"{Left(node.Column)}\" y=\"{Top(node.Row)}\" width=\"{BoxWidth}\" height=\"{BoxHeight}\" rx=\"8\" ");
        html.Append(node.Accent
            ? $"fill=\"{ChartStyle.Colour(0)}\" fill-opacity=\"0.22\" stroke=\"currentColor\" stroke-width=\"2.2\"/>"
            : "fill=\"none\" stroke=\"currentColor\" stroke-width=\"1.2\"/>");
        var first = Top(node.Row) + (BoxHeight / 2) + 5 - ((node.Lines.Length - 1) * LineHeight / 2);
        foreach (var (number, line) in node.Lines.Index())
            Write(html, Left(node.Column) + (BoxWidth / 2), first + (number * LineHeight), 14, "middle", line);
    }

    private static void DrawArrow(StringBuilder html, Node from, Node to, string label)
    {
        var (x0, y0) = Edge(from, to);
        var (x1, y1) = Edge(to, from);
        var length = Math.Sqrt(((x1 - x0) * (x1 - x0)) + ((y1 - y0) * (y1 - y0)));
        var (dx, dy) = ((x1 - x0) / length, (y1 - y0) / length);
        const double head = 9, half = 4.5;
        var (bx, by) = (x1 - (head * dx), y1 - (head * dy));
        html.Append(
            CultureInfo.InvariantCulture,
            $"<line x1=\"{x0:0.#}\" y1=\"{y0:0.#}\" x2=\"{bx:0.#}\" y2=\"{by:0.#}\" stroke=\"currentColor\" stroke-width=\"1.4\"/>");
        html.Append(
            CultureInfo.InvariantCulture,
            $"<polygon points=\"{x1:0.#},{y1:0.#} {bx - (half * dy):0.#},{by + (half * dx):0.#} ");
        html.Append(CultureInfo.InvariantCulture, $"{bx + (half * dy):0.#},{by - (half * dx):0.#}\"/>");
        if (label.Length == 0)
            return;
        // Above a level arrow, otherwise to the right of its middle.
        if (from.Row == to.Row)
            Write(html, (x0 + x1) / 2, y0 - 7, 12, "middle", label);
        else
            Write(html, ((x0 + x1) / 2) + 8, ((y0 + y1) / 2) + 4, 12, "start", label);
    }

    private static void Write(StringBuilder html, double x, double y, int size, string anchor, string text)
    {
        html.Append(CultureInfo.InvariantCulture, $"<text x=\"{x:0.#}\" y=\"{y:0.#}\" font-size=\"{size}\" text-anchor=\"{anchor}\">");
        html.Append(WebUtility.HtmlEncode(text)).Append("</text>");
    }

    /// <summary>Where the line between the middles of two boxes leaves the first.</summary>
    private static (double X, double Y) Edge(Node from, Node to)
    {
        double x = Left(from.Column) + (BoxWidth / 2.0), y = Top(from.Row) + (BoxHeight / 2.0);
        double dx = Left(to.Column) - Left(from.Column), dy = Top(to.Row) - Top(from.Row);
        // One of the two is not 0, and a division by 0 gives infinity, which is not the smaller one.
        var share = Math.Min(BoxWidth / 2.0 / Math.Abs(dx), BoxHeight / 2.0 / Math.Abs(dy));
        return (x + (share * dx), y + (share * dy));
    }

    private string InWords()
    {
        var words = arrows.Select(arrow =>
            $"{arrow.From.Words} \u2192 {arrow.To.Words}{(arrow.Label.Length > 0 ? $" ({arrow.Label})" : "")}");
        var alone = nodes.Where(node => !arrows.Exists(arrow => arrow.From == node || arrow.To == node)).Select(node => node.Words);
        return $"{title}: {string.Join("; ", words.Concat(alone))}.";
    }

    private Node Find(string name) => nodes.Find(node => node.Name == name) ?? throw new FewShotException(
        $"There is no box \"{name}\" to join by an arrow; there are {string.Join(", ", nodes.Select(node => node.Name))}.");

    private sealed record Node(string Name, int Column, int Row, string[] Lines, bool Accent)
    {
        public string Words => string.Join(' ', Lines);
    }
}
