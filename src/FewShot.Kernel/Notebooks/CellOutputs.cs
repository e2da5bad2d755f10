using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Notebooks;

/// <summary>
/// Collects what one cell shows and gives it as nbformat outputs. Calls may come from any thread; one lock serves
/// the whole notebook, as a cell may update what another showed.
/// </summary>
internal sealed class CellOutputs(int executionCount, DisplayIndex displays)
{
    /// <summary>Characters of console text kept per cell.</summary>
    public const int TextLimit = 200_000;

    /// <summary>Characters of displayed data kept per cell: plotly.js (3.5 MB) and several large pictures.</summary>
    public const int DataLimit = 20_000_000;

    private readonly List<object> shown = [];
    private long textKept;
    private long dataKept;
    private bool full;
    private bool clearNext;

    public void Add(CellOutput output)
    {
        lock (displays)
        {
            if (clearNext && output is not ClearOutput && output is not DisplayOutput { IsUpdate: true })
                Clear();
            switch (output)
            {
                case ClearOutput { Wait: true }:
                    clearNext = true;
                    break;
                case ClearOutput:
                    Clear();
                    break;
                case StreamOutput stream:
                    AddText(stream.IsError ? "stderr" : "stdout", stream.Text);
                    break;
                case DisplayOutput { IsUpdate: true } update:
                    displays.Update(update.DisplayId, Data(update.Data));
                    break;
                case DisplayOutput display:
                    var shownData = new JsonObject
                    {
                        ["data"] = Data(display.Data),
                        ["metadata"] = new JsonObject(),
                        ["output_type"] = "display_data",
                    };
                    displays.Add(display.DisplayId, shownData);
                    shown.Add(shownData);
                    break;
                case ResultOutput result:
                    shown.Add(new JsonObject
                    {
                        ["data"] = Data(result.Data),
                        ["execution_count"] = executionCount,
                        ["metadata"] = new JsonObject(),
                        ["output_type"] = "execute_result",
                    });
                    break;
                case ErrorOutput error:
                    shown.Add(new JsonObject
                    {
                        ["ename"] = error.Name,
                        ["evalue"] = error.Message,
                        ["output_type"] = "error",
                        ["traceback"] = new JsonArray([.. error.Trace.Select(line => (JsonNode)line)]),
                    });
                    break;
            }
        }
    }

    /// <summary>The outputs so far, as nbformat writes them.</summary>
    public JsonArray ToJson()
    {
        lock (displays)
        {
            var outputs = new JsonArray();
            foreach (var item in shown)
            {
                if (item is JsonObject node)
                {
                    outputs.Add(node.DeepClone());
                }
                else if (item is StreamText { Length: > 0 } text)
                {
                    outputs.Add(new JsonObject
                    {
                        ["name"] = text.Name,
                        ["output_type"] = "stream",
                        ["text"] = MultilineText.Split(text.ToString()),
                    });
                }
            }

            return outputs;
        }
    }

    private void Clear()
    {
        shown.Clear();
        (textKept, dataKept, full, clearNext) = (0, 0, false, false);
    }

    private void AddText(string name, string text)
    {
        if (full)
            return;
        if (shown.LastOrDefault() is not StreamText last || last.Name != name)
            shown.Add(last = new StreamText(name));
        foreach (var piece in text.Chunk(4096))
        {
            textKept -= last.Length;
            last.Append(piece);
            textKept += last.Length;
            if (textKept <= TextLimit)
                continue;
            full = true;
            last.Append(string.Create(
                CultureInfo.InvariantCulture,
                $"\n[The text of this cell passes {TextLimit:N0} characters: the rest is left out.]\n"));
            return;
        }
    }

    private JsonObject Data(IReadOnlyDictionary<string, string> data)
    {
        var size = data.Values.Sum(value => (long)value.Length);
        if (dataKept + size > DataLimit)
        {
            var note = string.Create(
                CultureInfo.InvariantCulture,
                $"[An output of {size / 1e6:F1} MB is left out: a cell keeps at most {DataLimit / 1_000_000} MB.]");
            return new JsonObject { ["text/plain"] = MultilineText.Split(note) };
        }

        dataKept += size;
        var node = new JsonObject();
        foreach (var (mimeType, value) in data.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            node[mimeType] = Value(mimeType, value);
        return node;
    }

    private static JsonNode? Value(string mimeType, string value)
    {
        if (mimeType.EndsWith("json", StringComparison.Ordinal))
        {
            try
            {
                return JsonNode.Parse(value);
            }
            catch (JsonException)
            {
                return value;
            }
        }

        var isText = mimeType.StartsWith("text/", StringComparison.Ordinal) || mimeType.EndsWith("xml", StringComparison.Ordinal);
        return isText ? MultilineText.Split(value) : value;
    }
}
