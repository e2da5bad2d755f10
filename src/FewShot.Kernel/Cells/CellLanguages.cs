namespace FewShot.Kernel.Cells;

/// <summary>Which lines of a cell are in which language, by the words above them.</summary>
internal static class CellLanguages
{
    /// <summary>The words that name the two languages, and the one that has another file run.</summary>
    public const string CSharp = "#!csharp", FSharp = "#!fsharp", Import = "#!import";

    /// <summary>The word that a line begins with if it is one of <c>#!</c>; empty otherwise.</summary>
    public static string Word(string line) =>
        line.StartsWith("#!", StringComparison.Ordinal) ? line.Split((char[]?)null, 2)[0] : string.Empty;

    /// <summary>Whether a word ends what stands above it.</summary>
    public static bool IsHeading(string word) => word == Import || IsCSharp(word) || IsFSharp(word) || TextForms.Words.Contains(word);

    /// <summary>Whether a word makes C# of what follows.</summary>
    public static bool IsCSharp(string word) => word is CSharp or "#!c#";

    /// <summary>Whether a word makes F# of what follows.</summary>
    public static bool IsFSharp(string word) => word is FSharp or "#!f#";

    /// <summary>
    /// Whether a place in a cell, in characters from its start, is in F#. For a look at a cell that is being typed: a word in
    /// a string or comment counts here too.
    /// </summary>
    public static bool IsFSharpAt(string code, int position) => IsFSharp(HeadingAt(code, position));

    /// <summary>Whether a place in a cell is in a text to show, which no compiler reads.</summary>
    /// <inheritdoc cref="IsFSharpAt"/>
    public static bool IsTextAt(string code, int position) => TextForms.Words.Contains(HeadingAt(code, position));

    /// <summary>
    /// The cell with blanks in place of all F#, all texts and the lines that begin with <c>#!</c>, so that places in the rest stay what
    /// they are.
    /// </summary>
    /// <inheritdoc cref="IsFSharpAt"/>
    public static string WithoutFSharp(string code) => Select(code, IsCSharp);

    /// <summary>The cell with blanks in place of all that is no F#.</summary>
    /// <inheritdoc cref="IsFSharpAt"/>
    public static string OnlyFSharp(string code) => Select(code, IsFSharp);

    private static string HeadingAt(string code, int position) =>
        Headings(code[..Math.Clamp(position, 0, code.Length)].Split('\n')).Last();

    private static string Select(string code, Func<string, bool> isWanted)
    {
        var lines = code.Split('\n');
        return string.Join('\n', lines.Zip(
            Headings(lines),
            (line, heading) => isWanted(heading) && Word(line).Length == 0 ? line : new string(' ', line.Length)));
    }

    /// <summary>What each line stands under.</summary>
    private static IEnumerable<string> Headings(string[] lines)
    {
        var current = CSharp;
        foreach (var line in lines)
        {
            var word = Word(line);
            if (IsHeading(word))
                current = word == Import ? CSharp : word;
            yield return current;
        }
    }
}
