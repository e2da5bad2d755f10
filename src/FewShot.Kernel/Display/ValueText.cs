using System.Collections;
using System.Globalization;
using FewShot.Kernel.Cells;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>A value in a few words, whatever the value is: one that contains itself, and one whose ToString throws.</summary>
internal static class ValueText
{
    private const int Levels = 3, Longest = 300;

    /// <summary>Its own words, all of them; where it has none, what it is.</summary>
    public static string Whole(object value)
    {
        try
        {
            return Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : Name(value);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            CellStop.Check();
            return $"{Name(value)}, whose ToString throws {e.GetType().Name}: {e.Message}";
        }
    }

    /// <summary>A line: the items of a sequence, those of sequences in it, and no deeper; of others their own words, cut.</summary>
    public static void WriteLine(object? value, TextWriter writer) => Write(value, writer, 0);

    private static void Write(object? value, TextWriter writer, int level)
    {
        if (value is not IEnumerable sequence || value is string)
        {
            var text = value is null ? Formatter.NullString : Whole(value).Trim().ReplaceLineEndings("\\n");
            writer.Write(text.Length <= Longest ? text : string.Concat(text.AsSpan(0, Longest), "..."));
        }
        else if (level == Levels)
        {
            writer.Write("[ ... ]");
        }
        else
        {
            var count = 0;
            writer.Write("[ ");
            foreach (var item in sequence)
            {
                if (count == Formatter.ListExpansionLimit)
                {
                    writer.Write(sequence is ICollection all
                        ? string.Create(CultureInfo.InvariantCulture, $" ... ({all.Count - count} more)")
                        : " ... (more)");
                    break;
                }

                writer.Write(count++ == 0 ? string.Empty : ", ");
                Write(item, writer, level + 1);
            }

            writer.Write(" ]");
        }
    }

    private static string Name(object value) => value.GetType().ToDisplayString(PlainTextFormatter.MimeType);
}
