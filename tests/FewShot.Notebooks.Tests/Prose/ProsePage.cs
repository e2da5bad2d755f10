using System.Text.Json.Nodes;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests.Prose;

/// <summary>A page whose numbers are looked at.</summary>
/// <param name="Name">Its path from the course's root.</param>
/// <param name="Pieces">The page, or the Markdown cells of a notebook.</param>
/// <param name="Outputs">What a notebook's cells printed, as it is stored; otherwise empty.</param>
internal sealed record ProsePage(string Name, IReadOnlyList<ProsePiece> Pieces, string Outputs = "")
{
    // ReadmeParts makes these parts of README.md, and ReadmeTests fails where README.md has anything else in their place.
    private static readonly string[] MadeParts =
        ["picture", "notebooks", "results", "omniglot", "labels", "episodes", "augmentations", "texts", "names", "downloads", "benchmarks"];

    /// <summary>All pages of the course, by their names.</summary>
    public static IReadOnlyDictionary<string, ProsePage> All { get; } =
        new[] { "README.md", "data/README.md" }.Select(Markdown)
            .Concat(Course.AllWithSolutions.Select(row => Notebook($"notebooks/{row.Data}")))
            .ToDictionary(page => page.Name);

    private static ProsePage Markdown(string name)
    {
        var text = File.ReadAllText(Path.Combine(Course.Root, name));
        return new ProsePage(name, [new ProsePiece(string.Empty, text, string.Empty, MadeParts)]);
    }

    private static ProsePage Notebook(string name)
    {
        var cells = NotebookDocument.Load(Path.Combine(Course.Root, name)).Cells;
        var pieces = cells.Select((cell, i) => (Cell: cell, Number: i + 1))
            .Where(numbered => numbered.Cell.Kind == "markdown")
            .Select(numbered => new ProsePiece(
                FormattableString.Invariant($", cell {numbered.Number}"), numbered.Cell.Source, Path.GetFileName(name)[..2]));
        return new ProsePage(name, [.. pieces], string.Join('\n', cells.SelectMany(cell => cell.Outputs).Select(Text)));
    }

    private static string Text(JsonNode? output) => Joined(output!["text"]) + Joined(output["data"]?["text/plain"]);

    private static string Joined(JsonNode? lines) =>
        lines is JsonArray all ? string.Concat(all.Select(line => (string?)line)) : (string?)lines ?? string.Empty;
}

/// <summary>A page of Markdown, or a cell of one.</summary>
/// <param name="Where">", cell 3", or empty.</param>
/// <param name="Markdown">Its text.</param>
/// <param name="Index">The two digits that a notebook's name starts with, or empty.</param>
/// <param name="Held">The parts that another test holds to their records.</param>
internal sealed record ProsePiece(string Where, string Markdown, string Index, IReadOnlyCollection<string>? Held = null)
{
    /// <summary>What a reader reads of it.</summary>
    public ProseText Prose { get; } = ProseText.Read(Markdown, Index, Held);
}
