using System.Text.Json.Nodes;

namespace FewShot.Kernel.Notebooks;

/// <summary>A cell of a notebook: a view on its JSON, so that what we do not know stays as it is.</summary>
public sealed class NotebookCell
{
    private readonly JsonObject node;

    internal NotebookCell(JsonObject node) => this.node = node;

    /// <summary>The cell's id, unique in its notebook.</summary>
    public string Id => node["id"]!.GetValue<string>();

    /// <summary><c>code</c>, <c>markdown</c> or <c>raw</c>.</summary>
    public string Kind => node["cell_type"]!.GetValue<string>();

    /// <summary>True for a code cell.</summary>
    public bool IsCode => Kind == "code";

    /// <summary>The code or Markdown of the cell, lines joined.</summary>
    public string Source => MultilineText.Join(node["source"])!;

    /// <summary>The words under "tags" in the metadata of the cell.</summary>
    public IReadOnlyList<string> Tags =>
        (node["metadata"]?["tags"] as JsonArray)?.OfType<JsonValue>().Select(tag => tag.ToString()).ToList() ?? [];

    /// <summary>The execution count; null where it was not run.</summary>
    public int? ExecutionCount => (int?)node["execution_count"];

    /// <summary>The outputs of the cell, as nbformat writes them; empty for cells without code.</summary>
    public JsonArray Outputs => node["outputs"] as JsonArray ?? [];

    /// <summary>The cell's metadata.</summary>
    internal JsonObject Metadata => (JsonObject)node["metadata"]!;

    /// <summary>The cell's attachments: file name to MIME type to base 64.</summary>
    internal JsonObject? Attachments => node["attachments"] as JsonObject;

    internal void SetSource(string text) => node["source"] = MultilineText.Split(text);

    internal void SetOutputs(JsonArray outputs, int? executionCount)
    {
        node["outputs"] = outputs;
        node["execution_count"] = executionCount;
    }
}
