namespace FewShot.Notebooks.Tests.Prose;

/// <summary>
/// What is known of the numbers of a page: one phrase of it a line, with all that makes its numbers what they are. <c>phrase</c> alone is a
/// setting or a fact; <c>phrase &lt;- source</c> is a result, and <see cref="NumberSources"/> says what a source is. <c>#</c> begins a
/// comment.
/// </summary>
/// <param name="Path">The file, from the course's root.</param>
/// <param name="Entries">Its lines.</param>
internal sealed record NumberList(string Path, IReadOnlyList<NumberEntry> Entries)
{
    /// <summary>The list of names and phrases that may stand on every page.</summary>
    public const string Everywhere = "everywhere";

    private const string Folder = "tests/FewShot.Notebooks.Tests/Prose/numbers";

    /// <summary>The list of a page: "README.md", "notebooks/solutions/02-maml.ipynb". Empty where there is none.</summary>
    public static NumberList Of(string page)
    {
        var path = $"{Folder}/{page.Replace("notebooks/", string.Empty, StringComparison.Ordinal).Replace('/', '-')}.txt";
        var file = System.IO.Path.Combine(Course.Root, path);
        return Parse(path, File.Exists(file) ? File.ReadAllLines(file) : []);
    }

    /// <summary>Reads the lines of a list.</summary>
    public static NumberList Parse(string path, IEnumerable<string> lines) =>
        new(path, [.. lines.Select(NumberEntry.Parse).OfType<NumberEntry>()]);
}

/// <summary>A phrase that holds numbers.</summary>
/// <param name="Phrase">As it stands on the page, without emphasis and on one line.</param>
/// <param name="Source">Where its numbers come from; null for a setting or a fact.</param>
internal sealed record NumberEntry(string Phrase, string? Source)
{
    private const string Mark = " <- ";

    /// <summary>Reads a line; null for a comment and an empty line.</summary>
    public static NumberEntry? Parse(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || line.StartsWith('#'))
            return null;
        var mark = line.IndexOf(Mark, StringComparison.Ordinal);
        return mark < 0 ? new NumberEntry(line.Trim(), null) : new NumberEntry(line[..mark].Trim(), line[(mark + Mark.Length)..].Trim());
    }

    /// <summary>Where the phrase stands in a text.</summary>
    public IEnumerable<int> Places(string text)
    {
        for (var at = text.IndexOf(Phrase, StringComparison.Ordinal); at >= 0; at = text.IndexOf(Phrase, at + 1, StringComparison.Ordinal))
            yield return at;
    }
}
