using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Kernel.Pages;

/// <summary>nbformat outputs as HTML: of each the richest form that a page can show.</summary>
internal static partial class OutputHtml
{
    private static readonly string[] Pictures = ["image/png", "image/jpeg", "image/gif"];

    public static string Render(JsonNode output, MarkdownHtml markdown) => (string?)output["output_type"] switch
    {
        "stream" => $"<pre class=\"text {output["name"]}\">{Plain(output["text"])}</pre>",
        "error" => "<pre class=\"text error\">"
            + WebUtility.HtmlEncode(string.Join(
                '\n', output["traceback"]!.AsArray().Select(line => Colours().Replace(line!.ToString(), string.Empty))))
            + "</pre>",
        _ => output["data"] is JsonObject data ? Data(data, markdown) : string.Empty,
    };

    /// <summary>A chart, table or picture; null for plain text and for nothing.</summary>
    public static string? Figure(JsonNode output, MarkdownHtml markdown) =>
        output["data"] is JsonObject data && (data.ContainsKey("image/svg+xml") || Pictures.Any(data.ContainsKey)
            || MultilineText.Join(data["text/html"]) is { } html && FigureElement().IsMatch(html))
            ? Data(data, markdown)
            : null;

    private static string Data(JsonObject data, MarkdownHtml markdown)
    {
        if (MultilineText.Join(data["text/html"]) is { } html)
            return $"<div class=\"rich\">{html}</div>";
        if (MultilineText.Join(data["image/svg+xml"]) is { } drawing)
            return $"<div class=\"rich\">{drawing}</div>";
        if (Pictures.FirstOrDefault(data.ContainsKey) is { } picture)
        {
            var base64 = MultilineText.Join(data[picture])?.ReplaceLineEndings(string.Empty);
            return $"<div class=\"rich\"><img alt=\"{Plain(data["text/plain"])}\" src=\"data:{picture};base64,{base64}\"></div>";
        }

        if (MultilineText.Join(data["text/markdown"]) is { } text)
            return $"<div class=\"rich\">{markdown.Render(text)}</div>";
        return $"<pre class=\"text\">{Plain(data["text/plain"] ?? data.FirstOrDefault().Value)}</pre>";
    }

    private static string Plain(JsonNode? text) =>
        WebUtility.HtmlEncode(
            Colours().Replace(MultilineText.Join(text) ?? text?.ToJsonString() ?? string.Empty, string.Empty).TrimEnd('\n'));

    [GeneratedRegex("<(?:table|svg|img|figure)|data-fewshot-chart")]
    private static partial Regex FigureElement();

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]")]
    private static partial Regex Colours();
}
