using System.Net;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Pages;
using FewShot.Runtime;

namespace FewShot.Kernel.Site;

/// <summary>The pages of the site in one language.</summary>
/// <param name="source">The folder of notebooks.</param>
/// <param name="folder">Where the pages go.</param>
/// <param name="site">The site's files.</param>
/// <param name="text">The words around the course's own.</param>
/// <param name="other">Those of the other language, and where its pages lie; null where there is none.</param>
/// <param name="withoutThirdParty">Whether pictures of others' data are left out.</param>
/// <param name="chartScript">What the first chart of a notebook brings with it, and the site has once.</param>
internal sealed class SiteEdition(
    string source,
    string folder,
    SiteFiles site,
    SiteText text,
    (SiteText Text, string Folder)? other,
    bool withoutThirdParty,
    string chartScript)
{
    private readonly Dictionary<string, string> pages = [];

    public void Write(IReadOnlyList<NotebookDocument> executed)
    {
        var solutions = executed.Select(notebook => Path.Combine(source, "solutions", Path.GetFileName(notebook.Path)))
            .Where(File.Exists).ToList();
        var teaching = Texts("teaching");
        foreach (var notebook in executed)
            pages[notebook.Path] = PageOf(notebook.Path, string.Empty);
        foreach (var path in solutions)
            pages[path] = PageOf(path, "solutions");
        foreach (var path in Texts(string.Empty))
            pages[path] = PageOf(path, string.Empty);
        foreach (var path in teaching)
            pages[path] = PageOf(path, "teaching");
        // The course's front page is the site's.
        pages[Path.GetFullPath(Path.Combine(source, "..", "README.md"))] = Path.Combine(folder, "index.html");

        var chapters = executed.Select(notebook => ChapterOf(Translated(notebook), string.Empty)).ToList();
        var links = chapters.Select(chapter => new PageLink($"{chapter.Name}.html", chapter.Notebook.Title)).ToList();
        foreach (var (number, chapter) in chapters.Index())
        {
            var hasSolutions = HasSolutions(chapter);
            Put(pages[chapter.Notebook.Path], chapter.Notebook.Title, ChapterPage.Of(
                chapter, text, links.ElementAtOrDefault(number - 1), links.ElementAtOrDefault(number + 1), hasSolutions));
            PutSlides(chapter);
            Copy(chapter.Notebook.Path, Path.Combine("notebooks", $"{chapter.Name}.ipynb"));
            if (chapter.Picture is { } picture)
            {
                AtomicFile.Write(
                    Path.Combine(folder, ChapterPage.PictureFile(chapter)),
                    stream => stream.Write(Convert.FromBase64String(picture.Base64.ReplaceLineEndings(string.Empty))));
            }

            if (!hasSolutions)
                continue;
            var solved = ChapterOf(Translated(NotebookDocument.Load(Solution(chapter))), "solutions");
            Put(pages[solved.Notebook.Path], solved.Notebook.Title, ChapterPage.Solutions(solved, text, links[number]));
            Copy(solved.Notebook.Path, Path.Combine("notebooks", "solutions", $"{chapter.Name}.ipynb"));
        }

        var contents = ChapterPage.Contents(chapters, text, Torch.Describe(), HasSolutions);
        Put(Path.Combine(folder, "index.html"), text.Course, contents);
        foreach (var path in Texts(string.Empty).Concat(teaching))
            PutText(path);
        PutTeaching(teaching, links);
        PutSearch(chapters);
    }

    private static string Title(string markdown) =>
        markdown.Split('\n').FirstOrDefault(line => line.StartsWith("# ", StringComparison.Ordinal))?[2..].Trim() ?? string.Empty;

    /// <summary>The texts of a folder below the notebooks, in Markdown.</summary>
    private IReadOnlyList<string> Texts(string below)
    {
        var from = Path.Combine(source, below);
        return Directory.Exists(from) ? [.. Directory.GetFiles(from, "*.md").Order(StringComparer.Ordinal)] : [];
    }

    private string PageOf(string path, string below) =>
        Path.Combine(folder, below, Path.GetFileNameWithoutExtension(path) + ".html");

    private NotebookDocument Translated(NotebookDocument notebook) =>
        NotebookTranslation.Find(notebook.Path, text.Language)?.OfOutputs(notebook) ?? notebook;

    /// <summary>A text in the edition's language where it is translated, and as it is where not.</summary>
    private string Words(string path)
    {
        var translated = Path.Combine(source, text.Language, Path.GetRelativePath(source, path));
        return File.ReadAllText(File.Exists(translated) ? translated : path);
    }

    private Chapter ChapterOf(NotebookDocument notebook, string below) => new(
        withoutThirdParty ? StoredNotebook.WithoutThirdParty(notebook) : notebook,
        new MarkdownHtml(Path.GetDirectoryName(notebook.Path)!, Path.Combine(folder, below), pages, isClosed: true));

    private string Solution(Chapter chapter) => Path.Combine(source, "solutions", $"{chapter.Name}.ipynb");

    private bool HasSolutions(Chapter chapter) => File.Exists(Solution(chapter));

    private void PutText(string path)
    {
        var page = pages[path];
        var words = Words(path);
        var markdown = new MarkdownHtml(Path.GetDirectoryName(path)!, Path.GetDirectoryName(page)!, pages, isClosed: true);
        Put(page, Title(words), $"<div class=\"prose\">{markdown.Render(words)}</div>");
    }

    private void PutTeaching(IReadOnlyList<string> texts, IReadOnlyList<PageLink> chapters)
    {
        var lines = texts.Select(path => Item(Path.GetFileName(pages[path]), Title(Words(path))));
        var slides = chapters.Select(chapter => Item($"../slides/{chapter.File}", chapter.Title));
        var html = $"<h1>{text.Teaching}</h1>\n<p>{text.TeachingLead}</p>\n<ul>{string.Concat(lines)}</ul>\n"
            + $"<h2>{text.Slides}</h2>\n<ul>{string.Concat(slides)}</ul>\n";
        Put(Path.Combine(folder, "teaching", "index.html"), text.Teaching, html);

        static string Item(string address, string title) => $"<li><a href=\"{address}\">{WebUtility.HtmlEncode(title)}</a></li>\n";
    }

    private void PutSearch(IReadOnlyList<Chapter> chapters)
    {
        AtomicFile.WriteText(Path.Combine(folder, "search-index.js"), SearchIndex.Of(chapters));
        var html = $"""
            <h1>{text.Search}</h1>
            <script src="search-index.js"></script>
            <p><input type="search" aria-label="{text.SearchHint}" placeholder="{text.SearchHint}"></p>
            <div data-results data-nothing="{text.NothingFound}" aria-live="polite"></div>
            """;
        Put(Path.Combine(folder, "search.html"), text.Search, html);
    }

    private void PutSlides(Chapter chapter)
    {
        var path = Path.Combine(folder, "slides", $"{chapter.Name}.html");
        // Links of the chapter's own folder, seen from the folder of the slides.
        var markdown = new MarkdownHtml(Path.GetDirectoryName(chapter.Notebook.Path)!, Path.GetDirectoryName(path)!, pages, isClosed: true);
        var html = WithoutScript(Slides.Of(new Chapter(chapter.Notebook, markdown)), out var hasCharts);
        site.Page(path, Frame(path).Whole($"{text.Slides}: {chapter.Notebook.Title}", html, "slides.css", hasCharts));
    }

    private void Put(string path, string title, string content)
    {
        var html = WithoutScript(content, out var hasCharts);
        site.Page(path, Frame(path).Page(title, html, $"page-{Path.GetFileNameWithoutExtension(path)}", hasCharts));
    }

    private SiteFrame Frame(string path)
    {
        var same = other is { } there
            ? Path.GetRelativePath(Path.GetDirectoryName(path)!, Path.Combine(there.Folder, Path.GetRelativePath(folder, path))) : null;
        return new SiteFrame(
            text,
            Up(path, folder),
            Up(path, site.Folder),
            File.Exists(Path.Combine(source, "glossary.md")),
            same is null ? null : (other!.Value.Text, same.Replace('\\', '/')));
    }

    /// <summary>The way from a page up to a folder, as "../"; empty where it lies in it.</summary>
    private static string Up(string page, string folder) =>
        Path.GetRelativePath(Path.GetDirectoryName(page)!, folder) is var way and not "." ? way.Replace('\\', '/') + "/" : string.Empty;

    private string WithoutScript(string html, out bool hasCharts)
    {
        hasCharts = html.Contains("data-fewshot-chart", StringComparison.Ordinal);
        return html.Replace(chartScript, string.Empty, StringComparison.Ordinal);
    }

    private void Copy(string from, string to)
    {
        var bytes = File.ReadAllBytes(from);
        AtomicFile.Write(Path.Combine(folder, to), stream => stream.Write(bytes));
    }
}
