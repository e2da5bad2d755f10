namespace FewShot.Kernel.Cells;

/// <summary>The words of <c>#!</c> that a cell may hold.</summary>
internal static class CellWords
{
    /// <summary>The word that times a cell.</summary>
    public const string Time = "#!time";

    /// <summary>All of them, in alphabetical order.</summary>
    public static IReadOnlyList<string> Known { get; } =
    [
        .. TextForms.Words.Concat([CellLanguages.CSharp, CellLanguages.FSharp, CellLanguages.Import, Time, .. MagicWords.All])
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Those that can be meant where one is being typed; null where none is.</summary>
    /// <param name="code">The cell so far.</param>
    /// <param name="position">The place, in characters from its start.</param>
    public static Completions? Complete(string code, int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var start = code.LastIndexOf('\n', Math.Max(0, position - 1)) + 1;
        if (start > position || !code[start..position].StartsWith("#!", StringComparison.Ordinal))
            return null;
        var typed = code[start..position];
        // What follows a word is none of them, and no code either.
        if (typed.Any(char.IsWhiteSpace))
            return new Completions(position, position, []);
        var fitting = Known.Where(word => word.StartsWith(typed, StringComparison.OrdinalIgnoreCase));
        return new Completions(start, position, [.. fitting.Select(word => new CompletionItem(word, "keyword"))]);
    }
}
