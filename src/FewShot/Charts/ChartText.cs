using System.Text.Json;
using System.Text.RegularExpressions;

namespace FewShot.Charts;

/// <summary>Text in plotly.js is a small HTML: tags such as <c>&lt;br&gt;</c> and a few entities mean something.</summary>
internal static partial class ChartText
{
    /// <summary>A learner's or a file's own text, so that it is shown as it is written.</summary>
    internal static string Escape(string text) =>
        text.Replace("&", "&amp;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal);

    /// <summary>What a reader sees, without the markup.</summary>
    internal static string Plain(string markup) =>
        Tag().Replace(LineBreak().Replace(markup, "\n"), "")
            .Replace("&lt;", "<", StringComparison.Ordinal)
            .Replace("&gt;", ">", StringComparison.Ordinal)
            .Replace("&amp;", "&", StringComparison.Ordinal);

    /// <summary>Lines of at most so many characters, broken between words; plotly.js breaks none, but cuts them off at the edge.</summary>
    internal static IReadOnlyList<string> Wrap(string text, int width)
    {
        var lines = new List<string>();
        foreach (var word in text.Split(' '))
        {
            if (lines.Count > 0 && lines[^1].Length + 1 + word.Length <= width)
                lines[^1] += " " + word;
            else
                lines.Add(word);
        }

        return lines;
    }

    /// <summary>The title of a layout or of an axis, plain; it is written as text or as an object with a text.</summary>
    internal static string Title(JsonElement owner)
    {
        if (owner.ValueKind != JsonValueKind.Object || !owner.TryGetProperty("title", out var title))
            return "";
        if (title.ValueKind == JsonValueKind.Object && title.TryGetProperty("text", out var text))
            title = text;
        return title.ValueKind == JsonValueKind.String ? Plain(title.GetString() ?? "") : "";
    }

    [GeneratedRegex("<br */?>", RegexOptions.IgnoreCase)]
    private static partial Regex LineBreak();

    [GeneratedRegex("</?[a-z][^<>]*>", RegexOptions.IgnoreCase)]
    private static partial Regex Tag();
}
