using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Pages;

namespace FewShot.Kernel.Site;

/// <summary>A part of a chapter under a heading of the second level; the first part has the title itself.</summary>
/// <param name="Heading">The heading's words.</param>
/// <param name="Id">Its anchor.</param>
/// <param name="Prose">What is said there, block by block.</param>
/// <param name="Figures">Charts, tables and pictures that its cells show, as HTML.</param>
internal sealed record ChapterSection(string Heading, string Id, List<MarkdownPart> Prose, List<string> Figures);

/// <summary>A notebook as the site shows it: its parts, aims, needs and a picture.</summary>
internal sealed partial class Chapter
{
    private readonly MarkdownHtml markdown;

    public Chapter(NotebookDocument notebook, MarkdownHtml markdown)
    {
        (Notebook, this.markdown) = (notebook, markdown);
        Sections = Cut();
    }

    public NotebookDocument Notebook { get; }

    /// <summary>Its file name without an ending, as "01-transfer-learning".</summary>
    public string Name => Path.GetFileNameWithoutExtension(Notebook.Path);

    public IReadOnlyList<ChapterSection> Sections { get; }

    /// <summary>What it says under "What you will learn", as HTML; empty where it does not.</summary>
    public string Aims => Opening(0);

    /// <summary>What it says under "What you need".</summary>
    public string Needs => Opening(1);

    /// <summary>The cells with their outputs, as HTML.</summary>
    public string Cells => Page.Cells(Notebook, markdown);

    /// <summary>The first chart's still picture (PNG, base 64) with its words; null where there is none.</summary>
    public (string Base64, string Text)? Picture => Notebook.Cells
        .Where(cell => cell.IsCode && !cell.Tags.Contains(StoredNotebook.ThirdPartyTag))
        .SelectMany(cell => cell.Outputs)
        .Select(output => output!["data"] as JsonObject)
        .Where(data => data?.ContainsKey("image/png") == true)
        .Select(data => ((string, string)?)
            (MultilineText.Join(data!["image/png"])!, MultilineText.Join(data["text/plain"]) ?? string.Empty))
        .FirstOrDefault();

    /// <summary>The first diagram, as HTML; null where there is none.</summary>
    public string? Diagram =>
        Sections.SelectMany(section => section.Figures).FirstOrDefault(figure => figure.Contains("<svg role", StringComparison.Ordinal));

    /// <summary>The paragraphs of the first cell that begin with a bold phrase: aims first, then needs.</summary>
    private string Opening(int number) =>
        Sections[0].Prose.Where(part => part.IsParagraph && part.Html.StartsWith("<p><strong>", StringComparison.Ordinal))
            .Skip(number).FirstOrDefault() is { } part ? BoldBeginning().Replace(part.Html, "<p>") : string.Empty;

    private List<ChapterSection> Cut()
    {
        var sections = new List<ChapterSection> { new(Notebook.Title, string.Empty, [], []) };
        foreach (var cell in Notebook.Cells)
        {
            if (cell.Kind == "markdown")
            {
                foreach (var part in markdown.Parts(cell.Source))
                {
                    if (part.Level == 2)
                        sections.Add(new ChapterSection(part.Text, part.Id ?? string.Empty, [], []));
                    else if (part.Level != 1)
                        sections[^1].Prose.Add(part);
                }
            }

            foreach (var output in cell.Outputs)
            {
                if (OutputHtml.Figure(output!, markdown) is { } figure)
                    sections[^1].Figures.Add(figure);
            }
        }

        return sections;
    }

    [GeneratedRegex("^<p><strong>[^<]*</strong>\\s*")]
    private static partial Regex BoldBeginning();
}
