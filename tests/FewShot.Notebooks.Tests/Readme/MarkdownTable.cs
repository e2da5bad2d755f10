namespace FewShot.Notebooks.Tests.Readme;

/// <summary>A table as markdown writes it.</summary>
internal static class MarkdownTable
{
    public static string Of(IReadOnlyList<string> header, IEnumerable<IReadOnlyList<string>> rows) =>
        string.Join('\n', [Line(header), Line([.. header.Select(_ => "---")], string.Empty), .. rows.Select(row => Line(row))]);

    private static string Line(IReadOnlyList<string> cells, string space = " ") =>
        $"|{string.Join('|', cells.Select(cell => space + cell + space))}|";
}
