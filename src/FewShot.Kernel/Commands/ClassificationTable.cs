namespace FewShot.Kernel.Commands;

/// <summary>Answers as a table in plain text: one line for each photo or text.</summary>
internal static class ClassificationTable
{
    private const string Refused = "(none of them)", Unreadable = "(not read)";

    public static void Write(TextWriter output, string example, IReadOnlyList<ExampleAnswer> answers)
    {
        string[] header = [example, "class", "likeliest"];
        var rows = answers
            .Select(row => new[]
            {
                row.Answer.Name,
                row.Fault is null ? row.Answer.ClassName ?? Refused : Unreadable,
                string.Join(", ", row.Answer.Top),
            })
            .Prepend(header)
            .ToList();
        var widths = Enumerable.Range(0, header.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        foreach (var row in rows)
            output.WriteLine(string.Join("  ", row.Select((text, column) => text.PadRight(widths[column]))).TrimEnd());
    }
}
