namespace FewShot.Text;

/// <summary>How a table of text and label is laid out.</summary>
public sealed record TextCsvOptions
{
    /// <summary>The heading of the column with the texts.</summary>
    public string TextColumn { get; init; } = "text";

    /// <summary>The heading of the column with the class names.</summary>
    public string LabelColumn { get; init; } = "label";

    /// <summary>Between two columns: an ASCII character.</summary>
    public char Separator { get; init; } = ',';

    /// <summary>The longest row in bytes: where a quotation mark is missing, the rest of a file is one row.</summary>
    public int MaximumRowBytes { get; init; } = 100_000;

    /// <summary>The most rows.</summary>
    public int MaximumRows { get; init; } = 1_000_000;
}
