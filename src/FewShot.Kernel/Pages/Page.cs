using System.Globalization;
using System.Net;
using System.Text;
using FewShot.Kernel.Notebooks;

namespace FewShot.Kernel.Pages;

/// <summary>A page in the course, for links.</summary>
/// <param name="File">Its file name.</param>
/// <param name="Title">What the reader sees.</param>
internal sealed record PageLink(string File, string Title);

/// <summary>A line of the index.</summary>
/// <param name="Page">The page.</param>
/// <param name="Note">What became of the run: seconds, or what failed.</param>
/// <param name="Failed">Whether it failed.</param>
/// <param name="IsThere">Whether there is a page to link to.</param>
internal sealed record IndexLine(PageLink Page, string Note, bool Failed, bool IsThere);

/// <summary>Whole pages, complete in themselves: style, pictures and scripts are inside.</summary>
internal static class Page
{
    /// <summary>The style of all pages.</summary>
    public static Lazy<string> Style { get; } = new(() => Resource("page.css"));

    /// <summary>A style or script that comes with the program.</summary>
    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Page).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }

    /// <summary>An executed notebook.</summary>
    public static string Notebook(NotebookDocument notebook, MarkdownHtml markdown, PageLink? previous, PageLink? next)
    {
        var links = Links(previous, next);
        return Whole(
            notebook.Title,
            $"<nav class=\"top\">{links}</nav>\n<main>\n{Cells(notebook, markdown)}</main>\n<nav class=\"bottom\">{links}</nav>",
            $"<style>\n{Style.Value}</style>");
    }

    /// <summary>The cells of a notebook with their outputs.</summary>
    public static string Cells(NotebookDocument notebook, MarkdownHtml markdown)
    {
        var body = new StringBuilder();
        foreach (var cell in notebook.Cells)
        {
            if (cell.Kind == "markdown")
            {
                body.Append("<div class=\"prose\">").Append(markdown.Render(cell.Source, cell.Attachments)).Append("</div>\n");
                continue;
            }

            body.Append("<div class=\"cell\" id=\"").Append(WebUtility.HtmlEncode(cell.Id)).Append("\">");
            var code = cell.IsCode ? CodeHtml.Render(cell.Source) : WebUtility.HtmlEncode(cell.Source);
            body.Append("<pre class=\"code\"><code>").Append(code).Append("</code></pre>");
            if (cell.Outputs.Count > 0)
            {
                body.Append("<div class=\"outputs\">");
                foreach (var output in cell.Outputs)
                    body.Append(OutputHtml.Render(output!, markdown)).Append('\n');
                body.Append("</div>");
            }

            body.Append("</div>\n");
        }

        return body.ToString();
    }

    /// <summary>The list of the course's pages.</summary>
    public static string Index(IReadOnlyList<IndexLine> lines, string summary)
    {
        var body = new StringBuilder("<main>\n<h1>Few-shot learning for .NET</h1>\n");
        body.Append("<p class=\"quiet\">").Append(WebUtility.HtmlEncode(summary)).Append("</p>\n<ul>\n");
        foreach (var line in lines)
        {
            var title = WebUtility.HtmlEncode(line.Page.Title);
            body.Append(
                CultureInfo.InvariantCulture,
                $"<li>{(line.IsThere ? $"<a href=\"{WebUtility.HtmlEncode(line.Page.File)}\">{title}</a>" : title)} ");
            body.Append(
                CultureInfo.InvariantCulture,
                $"<span class=\"{(line.Failed ? "failed" : "quiet")}\">{WebUtility.HtmlEncode(line.Note)}</span></li>\n");
        }

        return Whole("Few-shot learning for .NET", body.Append("</ul>\n</main>").ToString(), $"<style>\n{Style.Value}</style>");
    }

    private static string Links(PageLink? previous, PageLink? next) =>
        Link(previous, "\u2190 ", "") + "<a href=\"index.html\">Contents</a>" + Link(next, "", " \u2192");

    private static string Link(PageLink? page, string before, string after) =>
        page is null
            ? "<span></span>"
            : $"<a href=\"{WebUtility.HtmlEncode(page.File)}\">{before}{WebUtility.HtmlEncode(page.Title)}{after}</a>";

    /// <summary>A whole page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="body">What stands in it, as HTML.</param>
    /// <param name="head">What else its head holds, as HTML: style and scripts.</param>
    /// <param name="language">The language of its words, as "en".</param>
    public static string Whole(string title, string body, string head, string language = "en") =>
        $"""
        <!DOCTYPE html>
        <html lang="{language}">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>{WebUtility.HtmlEncode(title)}</title>
        {head}
        </head>
        <body>
        {body}
        </body>
        </html>

        """;
}
