namespace FewShot.Notebooks.Tests.Readme;

/// <summary>A markdown file in which parts stand between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>.</summary>
internal static class ReadmeText
{
    /// <summary>The text with other parts.</summary>
    /// <param name="text">The whole file.</param>
    /// <param name="parts">What is to stand between the marks, by name.</param>
    /// <exception cref="InvalidDataException">A part has no pair of marks.</exception>
    public static string With(string text, IReadOnlyDictionary<string, string> parts)
    {
        foreach (var (name, part) in parts)
        {
            var (start, end) = Between(text, name);
            text = string.Concat(text.AsSpan(0, start), $"\n{part}\n", text.AsSpan(end));
        }

        return text;
    }

    /// <summary>What stands between the marks.</summary>
    /// <exception cref="InvalidDataException">There is no such pair of marks.</exception>
    public static string Part(string text, string name)
    {
        var (start, end) = Between(text, name);
        return text[start..end].Trim('\n');
    }

    private static (int Start, int End) Between(string text, string name)
    {
        var (open, close) = ($"<!-- {name} -->", $"<!-- /{name} -->");
        var start = text.IndexOf(open, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf(close, start, StringComparison.Ordinal);
        return end < 0 ? throw new InvalidDataException($"There is no {open} followed by {close}.") : (start + open.Length, end);
    }
}
