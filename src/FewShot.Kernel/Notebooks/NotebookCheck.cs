using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Runtime;

namespace FewShot.Kernel.Notebooks;

/// <summary>Whether a JSON object is a C# notebook in nbformat 4.5; the first fault found is told with its field and what to do.</summary>
internal static partial class NotebookCheck
{
    private static readonly string[] Kinds = ["code", "markdown", "raw"];

    /// <exception cref="FewShotException">The notebook is not valid; the message names the cell and the fault.</exception>
    public static void Check(JsonObject root, string path)
    {
        if (Number(root["nbformat"]) != 4 || Number(root["nbformat_minor"]) != 5)
        {
            throw new FewShotException(
                $"{path}: nbformat is {Describe(root["nbformat"])} and nbformat_minor {Describe(root["nbformat_minor"])}; "
                + "this needs 4 and 5. Save the notebook with a current VS Code or Jupyter.");
        }

        if (root["metadata"] is not JsonObject metadata)
            throw Wrong(path, "metadata", "an object", root["metadata"]);
        CheckLanguage(metadata, path);
        if (root["cells"] is not JsonArray cells)
            throw Wrong(path, "cells", "a list", root["cells"]);
        var ids = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < cells.Count; i++)
            CheckCell(cells[i], string.Create(CultureInfo.InvariantCulture, $"cells[{i}]"), ids, path);
    }

    /// <summary>What stands there, short enough for a sentence.</summary>
    public static string Describe(JsonNode? node) => node switch
    {
        null => "missing",
        JsonObject => "an object",
        JsonArray => "a list",
        _ when node.ToJsonString() is { Length: > 60 } text => text[..60] + "...",
        _ => node.ToJsonString(),
    };

    private static void CheckLanguage(JsonObject metadata, string path)
    {
        var kernel = metadata["kernelspec"] as JsonObject;
        var language = Text(kernel?["language"]) ?? Text((metadata["language_info"] as JsonObject)?["name"])
            ?? throw new FewShotException(
                $"{path}: metadata.kernelspec.language is missing, so it does not say that its cells are C#. "
                + "Choose the kernel \".NET (C#)\" in the editor and save.");
        if (!language.Equals("C#", StringComparison.OrdinalIgnoreCase) && !language.Equals("csharp", StringComparison.OrdinalIgnoreCase))
        {
            throw new FewShotException(
                $"{path}: metadata.kernelspec.language is \"{language}\" (kernel \"{Text(kernel?["name"]) ?? "unnamed"}\"); "
                + "only C# notebooks run here. Run it with its own kernel.");
        }
    }

    private static void CheckCell(JsonNode? node, string field, HashSet<string> ids, string path)
    {
        if (node is not JsonObject cell)
            throw Wrong(path, field, "an object", node);
        if (Text(cell["cell_type"]) is not { } kind || !Kinds.Contains(kind))
            throw Wrong(path, $"{field}.cell_type", "code, markdown or raw", cell["cell_type"]);
        if (Text(cell["id"]) is not { } id || !Id().IsMatch(id))
            throw Wrong(path, $"{field}.id", "1 to 64 letters, digits, - or _", cell["id"]);
        if (!ids.Add(id))
            throw new FewShotException($"{path}: {field}.id is \"{id}\", which an earlier cell has too. Give each cell an id of its own.");
        if (cell["metadata"] is not JsonObject metadata)
            throw Wrong(path, $"{field}.metadata", "an object", cell["metadata"]);
        if (MultilineText.Join(cell["source"]) is null)
            throw Wrong(path, $"{field}.source", "a text or a list of lines", cell["source"]);
        if (kind != "code")
            return;
        if (cell["outputs"] is not JsonArray outputs || outputs.Any(output => output is not JsonObject))
            throw Wrong(path, $"{field}.outputs", "a list of objects", cell["outputs"]);
        if (!cell.TryGetPropertyValue("execution_count", out var count) || (count is not null && Number(count) is null))
            throw Wrong(path, $"{field}.execution_count", "a whole number or null", count);
        var language = Text((metadata["polyglot_notebook"] as JsonObject)?["kernelName"])
            ?? Text((metadata["dotnet_interactive"] as JsonObject)?["language"]);
        if (language is not (null or "csharp"))
        {
            throw new FewShotException(
                $"{path}: {field} is written in \"{language}\"; only C# cells run here. Change the cell's language to C#.");
        }
    }

    private static FewShotException Wrong(string path, string field, string needed, JsonNode? found) =>
        new($"{path}: {field} must be {needed}; found: {Describe(found)}. Open the notebook in VS Code or Jupyter and save it again.");

    private static int? Number(JsonNode? node) =>
        node is JsonValue value && value.GetValueKind() == JsonValueKind.Number && value.TryGetValue<int>(out var number) ? number : null;

    private static string? Text(JsonNode? node) => node is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    [GeneratedRegex("^[a-zA-Z0-9_-]{1,64}$")]
    private static partial Regex Id();
}
