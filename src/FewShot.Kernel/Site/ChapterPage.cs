using System.Net;
using System.Text;
using FewShot.Kernel.Pages;

namespace FewShot.Kernel.Site;

/// <summary>A chapter on the site, its line in the table of contents, and its solutions.</summary>
internal static class ChapterPage
{
    /// <summary>The chapter with a list of its sections and the ways on.</summary>
    public static string Of(Chapter chapter, SiteText text, PageLink? previous, PageLink? next, bool hasSolutions)
    {
        var html = new StringBuilder();
        var ways = Ways(text, previous, next);
        html.Append(ways).Append("<details class=\"toc\"><summary>").Append(Encode(text.OnThisPage)).Append("</summary><ul>\n");
        foreach (var section in chapter.Sections.Where(section => section.Id.Length > 0))
            html.Append("<li><a href=\"#").Append(section.Id).Append("\">").Append(Encode(section.Heading)).Append("</a></li>\n");
        html.Append("</ul></details>\n<p class=\"more\">").Append(Links(chapter, text, hasSolutions)).Append("</p>\n");
        return html.Append(chapter.Cells).Append(ways).ToString();
    }

    /// <summary>The solutions of a chapter, with the way back.</summary>
    public static string Solutions(Chapter solutions, SiteText text, PageLink chapter) =>
        $"<p class=\"more\"><a href=\"../{Encode(chapter.File)}\">\u2190 {Encode(chapter.Title)}</a></p>\n{solutions.Cells}";

    /// <summary>The table of contents: of each chapter its aims, what it needs, and a picture.</summary>
    /// <param name="chapters">The chapters.</param>
    /// <param name="text">The words.</param>
    /// <param name="note">A line on what the figures were computed with.</param>
    /// <param name="hasSolutions">Whether a chapter has solutions.</param>
    public static string Contents(IReadOnlyList<Chapter> chapters, SiteText text, string note, Func<Chapter, bool> hasSolutions)
    {
        var html = new StringBuilder($"<h1>{Encode(text.Course)}</h1>\n<p>{Encode(text.Lead)}</p>\n");
        html.Append($"<p class=\"quiet\">{Encode(note)}</p>\n");
        foreach (var chapter in chapters)
        {
            html.Append("<article class=\"card\">\n");
            if (chapter.Picture is { } picture)
                html.Append($"<img alt=\"{Encode(picture.Text)}\" src=\"{PictureFile(chapter)}\" loading=\"lazy\">\n");
            else if (chapter.Diagram is { } diagram)
                html.Append($"<div class=\"thumb\">{diagram}</div>\n");
            html.Append($"<div><h2><a href=\"{chapter.Name}.html\">{Encode(chapter.Notebook.Title)}</a></h2>\n{chapter.Aims}");
            html.Append($"<p class=\"quiet\"><strong>{Encode(text.Need)}:</strong> {Inside(chapter.Needs)}</p>\n<p class=\"more\">");
            html.Append(Links(chapter, text, hasSolutions(chapter))).Append("</p></div>\n</article>\n");
        }

        return html.ToString();
    }

    /// <summary>Where the picture of a chapter lies.</summary>
    public static string PictureFile(Chapter chapter) => $"pictures/{chapter.Name}.png";

    private static string Links(Chapter chapter, SiteText text, bool hasSolutions)
    {
        var links = new List<string> { $"<a href=\"slides/{chapter.Name}.html\">{Encode(text.Slides)}</a>" };
        if (hasSolutions)
            links.Add($"<a href=\"solutions/{chapter.Name}.html\">{Encode(text.Solutions)}</a>");
        links.Add($"<a href=\"notebooks/{chapter.Name}.ipynb\" download>{Encode(text.Download)}</a>");
        return string.Join(" \u00b7 ", links);
    }

    private static string Ways(SiteText text, PageLink? previous, PageLink? next) =>
        $"<nav class=\"ways\" aria-label=\"{Encode(text.Previous)}, {Encode(text.Next)}\">"
        + Way(previous, "\u2190 ", string.Empty) + Way(next, string.Empty, " \u2192") + "</nav>\n";

    private static string Way(PageLink? page, string before, string after) => page is null
        ? "<span></span>"
        : $"<a href=\"{Encode(page.File)}\">{before}{Encode(page.Title)}{after}</a>";

    private static string Inside(string paragraph) =>
        paragraph.Replace("<p>", string.Empty, StringComparison.Ordinal).Replace("</p>", string.Empty, StringComparison.Ordinal).Trim();

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
