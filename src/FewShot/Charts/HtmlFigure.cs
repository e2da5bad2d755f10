namespace FewShot.Charts;

/// <summary>A piece of a page: pictures or a table that a notebook shows as HTML.</summary>
/// <param name="Html">The HTML, complete in itself: no address, no script.</param>
/// <param name="Text">The same in plain text, for the terminal.</param>
[TypeFormatterSource(typeof(HtmlFigureFormatters), PreferredMimeTypes = ["text/html", "text/plain"])]
public sealed record HtmlFigure(string Html, string Text)
{
    /// <summary>The plain text.</summary>
    public override string ToString() => Text;
}
