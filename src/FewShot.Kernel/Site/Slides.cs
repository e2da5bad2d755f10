using System.Net;
using System.Text;
using FewShot.Kernel.Pages;

namespace FewShot.Kernel.Site;

/// <summary>The slides of a chapter, made of its headings, the first words under each, and its figures.</summary>
internal static class Slides
{
    public static string Of(Chapter chapter)
    {
        var html = new StringBuilder();
        Slide(html, "first", $"<h1>{Encode(chapter.Notebook.Title)}</h1>\n{chapter.Aims}");
        foreach (var section in chapter.Sections.Skip(1))
        {
            var heading = $"<h2>{Encode(section.Heading)}</h2>\n";
            var words = Words(section);
            // The first figure stands under the words, every further one has a slide of its own.
            Slide(html, string.Empty, heading + words + Figure(section.Figures.FirstOrDefault()));
            foreach (var figure in section.Figures.Skip(1))
                Slide(html, string.Empty, heading + Figure(figure));
        }

        return html.ToString();
    }

    /// <summary>The first paragraph; a list where the section begins with one, as the summary does.</summary>
    private static string Words(ChapterSection section)
    {
        var first = section.Prose.Find(part => part.IsParagraph || IsList(part));
        return first is null ? string.Empty : $"<div class=\"words\">{first.Html}</div>\n";
    }

    private static bool IsList(MarkdownPart part) =>
        part.Html.StartsWith("<ul", StringComparison.Ordinal) || part.Html.StartsWith("<ol", StringComparison.Ordinal);

    private static string Figure(string? figure) => figure is null ? string.Empty : $"<div class=\"figure\">{figure}</div>\n";

    private static void Slide(StringBuilder html, string kind, string content) =>
        html.Append($"<section class=\"slide {kind}\">\n{content}</section>\n");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
