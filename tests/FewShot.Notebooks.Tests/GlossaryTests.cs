using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests;

/// <summary>The glossary names sections that there are, and that speak of the term.</summary>
public sealed partial class GlossaryTests
{
    private static readonly IReadOnlyList<Match> Lines =
        [.. File.ReadLines(Path.Combine(Course.Folder, "glossary.md")).Where(line => line.StartsWith("- ", StringComparison.Ordinal))
            .Select(line => Entry().Match(line))];

    public static TheoryData<string, string, string> Terms => new(Lines.Select(entry =>
        (entry.Groups["term"].Value, entry.Groups["section"].Value, entry.Groups["file"].Value)));

    [Fact]
    public void Should_BeInOrder_When_Read()
    {
        Assert.All(Lines, line => Assert.True(line.Success, $"'{line.Value}' has not the form of an entry."));
        var terms = Lines.Select(line => line.Groups["term"].Value).ToList();
        Assert.Equal(terms.Distinct().Order(StringComparer.OrdinalIgnoreCase), terms);
    }

    [Theory]
    [MemberData(nameof(Terms))]
    public void Should_SpeakOfTheTerm_When_TheSectionIsRead(string term, string section, string file)
    {
        var prose = string.Join('\n', NotebookDocument.Load(Path.Combine(Course.Folder, file)).Cells
            .Where(cell => cell.Kind == "markdown").Select(cell => cell.Source));
        var sections = Heading().Split(prose);
        var found = Array.FindIndex(sections, text => text.Split('\n')[0].Trim() == section);
        Assert.True(found >= 0, $"{file} has no section '{section}'.");
        // The plural of query, and fine-tuned beside fine-tuning, count as the term.
        var stem = term.Replace("query", "quer", StringComparison.Ordinal).Replace("tuning", "tun", StringComparison.Ordinal)
            .Replace(" learning", string.Empty, StringComparison.Ordinal);
        Assert.Contains(stem, sections[found], StringComparison.OrdinalIgnoreCase);
    }

    [GeneratedRegex(@"^- \*\*(?<term>[^*]+)\*\*: .+\. \(\[\d\d, (?<section>.+)\]\((?<file>[^)]+\.ipynb)\)\)$")]
    private static partial Regex Entry();

    [GeneratedRegex("^#+ ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}
