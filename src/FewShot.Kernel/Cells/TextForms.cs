using System.Text.RegularExpressions;

namespace FewShot.Kernel.Cells;

/// <summary>A text in a cell, by the word above it, as MIME types that the front ends show.</summary>
internal static partial class TextForms
{
    private const string Html = "text/html", Markdown = "text/markdown", Plain = "text/plain";

    /// <summary>The directives whose lines below are text to show, as they stand in a cell.</summary>
    public static IReadOnlyList<string> Words { get; } = ["#!html", "#!javascript", "#!js", "#!markdown", "#!mermaid"];

    /// <summary>The text by MIME type.</summary>
    public static IReadOnlyDictionary<string, string> Of(string word, string text) => word switch
    {
        "#!markdown" => new Dictionary<string, string> { [Markdown] = text, [Plain] = text },
        "#!html" => new Dictionary<string, string> { [Html] = text, [Plain] = HtmlText.Of(text) },

        // Front ends differ in what they give to application/javascript; a script in a page runs
        // everywhere. "</script" may not stand in one.
        "#!javascript" or "#!js" => new Dictionary<string, string>
        {
            [Html] = $"<script>\n{ScriptEnd().Replace(text, "<\\/")}\n</script>",
            [Plain] = "A script that runs in the page.",
        },

        // No HTML: JupyterLab would prefer it and show the source. It draws this Markdown, as do VS Code with its Mermaid extension and
        // GitHub; others show the source as code.
        "#!mermaid" => new Dictionary<string, string>
        {
            ["text/vnd.mermaid"] = text,
            [Markdown] = $"{Fence(text)}mermaid\n{text}\n{Fence(text)}",
            [Plain] = text,
        },
        _ => throw new ArgumentException($"{word} names no form of text.", nameof(word)),
    };

    private static string Fence(string text) =>
        new('`', Math.Max(3, Backticks().Matches(text).Select(run => run.Length + 1).DefaultIfEmpty().Max()));

    [GeneratedRegex("</(?=script)", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptEnd();

    [GeneratedRegex("`+")]
    private static partial Regex Backticks();
}
