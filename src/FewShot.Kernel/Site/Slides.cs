using System.Net;
using System.Text;

namespace FewShot.Kernel.Site;

/// <summary>The slides of a chapter, made of its headings, the first words under each, and its figures.</summary>
internal static class Slides
{
    public static string Of(Chapter chapter)
    {
        var html = new StringBuilder();
        Slide(html, "first", $"<h1>{Encode(chapter.Notebook.Title)}</h1>\n{chapter.Aims}");
        foreach (var map in chapter.Sections[0].Figures)
            Slide(html, string.Empty, Figure(map));
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

    /// <summary>The first words: a paragraph, a list or a table; then the headings of the next level, as of exercises.</summary>
    private static string Words(ChapterSection section)
    {
        var first = section.Prose.Find(part => part.Level is null)?.Html ?? string.Empty;
        var below = section.Prose.Where(part => part.Level == 3).Select(part => $"<li>{Encode(part.Text)}</li>\n").ToList();
        var list = below.Count > 0 ? $"<ul>{string.Concat(below)}</ul>\n" : string.Empty;
        return first.Length + list.Length > 0 ? $"<div class=\"words\">{first}{list}</div>\n" : string.Empty;
    }

    private static string Figure(string? figure) => figure is null ? string.Empty : $"<div class=\"figure\">{figure}</div>\n";

    private static void Slide(StringBuilder html, string kind, string content) =>
        html.Append($"<section class=\"slide {kind}\">\n{content}</section>\n");

    private static string Encode(string text) => WebUtility.HtmlEncode(text);
}
