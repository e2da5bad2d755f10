using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>
/// What a notebook shows, as text that can be compared between two executions. Kept are all texts, tables, charts with their data and still
/// pictures, errors and cell numbers. Left out, because they depend on time: durations (a number followed by s or ms), the bars that show
/// progress, and into how many pieces console text came.
/// </summary>
internal static partial class ComparableOutputs
{
    /// <summary>For each code cell, its id and number and what it shows.</summary>
    public static IReadOnlyList<string> Of(NotebookDocument notebook) =>
    [
        .. notebook.Cells.Where(cell => cell.IsCode)
            .Select(cell => $"{cell.Id} [{cell.ExecutionCount}]\n{string.Join('\n', Outputs(cell))}"),
    ];

    private static List<string> Outputs(NotebookCell cell)
    {
        var shown = new List<string>();
        string? stream = null;
        foreach (var output in cell.Outputs.Where(output => !IsProgress(output!)))
        {
            var name = (string?)output!["name"];
            if (name is not null && name == stream)
            {
                shown[^1] += WithoutDurations(Text(output["text"]));
            }
            else if (name is not null)
            {
                shown.Add($"{name}: {WithoutDurations(Text(output["text"]))}");
            }
            else if (output["data"] is JsonObject data)
            {
                var forms = data.OrderBy(form => form.Key, StringComparer.Ordinal)
                    .Select(form => $"{output["output_type"]} {form.Key}: {WithoutDurations(Text(form.Value))}");
                shown.Add(string.Join('\n', forms));
            }
            else
            {
                shown.Add(output.ToJsonString());
            }

            stream = name;
        }

        return shown;
    }

    private static bool IsProgress(JsonNode output) =>
        Text(output["data"]?["text/html"]).Contains("fewshot-progress", StringComparison.Ordinal);

    private static string Text(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : node?.ToString() ?? string.Empty;

    private static string WithoutDurations(string text) => Duration().Replace(text, "# $1");

    [GeneratedRegex(@"\b[0-9][0-9,.]* (m?s)\b")]
    private static partial Regex Duration();
}
