using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests;

/// <summary>The Chinese course says what the English one says, and as it says it now.</summary>
public sealed partial class TranslationTests
{
    private const string Language = "zh";

    /// <summary>Texts beside the notebooks, relative to their folder.</summary>
    public static TheoryData<string> Texts =>
        ["glossary.md", .. Directory.EnumerateFiles(Path.Combine(Course.Folder, "teaching"), "*.md")
            .Select(path => Path.GetRelativePath(Course.Folder, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_HaveEveryCellAsItStands_When_Translated(string name)
    {
        var (notebook, translation) = Load(name);
        var prose = notebook.Cells.Where(cell => !cell.IsCode).ToDictionary(cell => cell.Id, cell => cell.Source);
        Assert.Equal(prose.Keys.Order(StringComparer.Ordinal), translation.Cells.Keys.Order(StringComparer.Ordinal));
        // An original that changed after its translation has another mark: translate it again.
        Assert.Empty(prose.Where(cell => translation.Cells[cell.Key].Of != NotebookTranslation.Mark(cell.Value)).Select(cell => cell.Key));
    }

    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public void Should_KeepNumbersCodeFormulasAndLinks_When_Translated(string name)
    {
        var (notebook, translation) = Load(name);
        foreach (var cell in notebook.Cells.Where(cell => !cell.IsCode && translation.Cells.ContainsKey(cell.Id)))
            AssertKept(cell.Source, translation.Cells[cell.Id].Text, $"{name}, {cell.Id}");
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_TranslateWhatIsThere_When_ItNamesAPieceOfText(string name)
    {
        var (notebook, translation) = Load(name);
        var shown = string.Join('\n', notebook.Cells.Where(cell => cell.IsCode)
            .Select(cell => cell.Source + string.Join('\n', cell.Outputs.SelectMany(output => Words(output!)))));
        Assert.All(translation.Strings.Keys, piece => Assert.Contains(piece, shown, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Texts))]
    public void Should_KeepNumbersCodeAndLinks_When_ATextIsTranslated(string name)
    {
        var translated = File.ReadAllText(Path.Combine(Course.Folder, Language, name));
        var original = File.ReadAllText(Path.Combine(Course.Folder, name));
        // The first line is a comment with the mark of the original.
        Assert.StartsWith($"<!-- {NotebookTranslation.Mark(original)} -->", translated, StringComparison.Ordinal);
        AssertKept(original, translated[(translated.IndexOf('\n', StringComparison.Ordinal) + 1)..], name);
    }

    private static void AssertKept(string original, string translated, string place)
    {
        foreach (var part in new[] { Code(), Link(), Formula() })
            Assert.True(Found(part, original).SequenceEqual(Found(part, translated)), $"{place}: {part} differs.");
        var numbers = Found(Number(), Plain(translated)).ToHashSet();
        Assert.True(Found(Number(), Plain(original)).All(numbers.Contains), $"{place}: a number is missing.");
        Assert.Equal(Heading().Count(original), Heading().Count(translated));
    }

    private static (NotebookDocument, NotebookTranslation) Load(string name)
    {
        var path = Path.Combine(Course.Folder, name);
        var translation = NotebookTranslation.Find(path, Language);
        Assert.True(translation is not null, $"{name} has no translation.");
        return (NotebookDocument.Load(path), translation!);
    }

    private static IEnumerable<string> Found(Regex part, string text) =>
        part.Matches(text).Select(match => Space().Replace(match.Value, " ")).Order(StringComparer.Ordinal);

    private static string Plain(string text) => Code().Replace(Link().Replace(text, string.Empty), string.Empty);

    private static IEnumerable<string> Words(JsonNode node) => node switch
    {
        JsonArray list => [string.Concat(list.Select(line => line?.ToString())), .. list.SelectMany(one => Words(one!))],
        JsonObject owner => owner.Where(pair => pair.Value is not null).SelectMany(pair => Words(pair.Value!)),
        _ => [node.ToString()],
    };

    [GeneratedRegex(@"(?<![A-Za-z])[0-9]+(?:[.,][0-9]+)*")]
    private static partial Regex Number();

    [GeneratedRegex(@"`[^`\n]+`")]
    private static partial Regex Code();

    [GeneratedRegex(@"\]\([^)\s]+\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\$\$[^$]+\$\$|\$[^$]+\$")]
    private static partial Regex Formula();

    [GeneratedRegex("^#+ ", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();
}
