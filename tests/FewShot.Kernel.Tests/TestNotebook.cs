using System.Globalization;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Tests;

/// <summary>A folder that goes away with the test.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("fewshot-notebooks-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

/// <summary>Writes small notebooks.</summary>
internal static class TestNotebook
{
    /// <summary>A C# notebook; texts that start with # are markdown cells, the others code.</summary>
    public static JsonObject Of(params string[] cells) => new()
    {
        ["cells"] = new JsonArray([.. cells.Select((text, i) => Cell(string.Create(CultureInfo.InvariantCulture, $"cell-{i}"), text))]),
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["display_name"] = ".NET (C#)", ["language"] = "C#", ["name"] = ".net-csharp" },
            ["language_info"] = new JsonObject { ["name"] = "C#" },
        },
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
    };

    public static string Save(this JsonObject notebook, string path)
    {
        File.WriteAllText(path, notebook.ToJsonString());
        return path;
    }

    public static JsonObject Tagged(this JsonObject notebook, int cell, string tag)
    {
        notebook["cells"]![cell]!["metadata"]!["tags"] = new JsonArray(tag);
        return notebook;
    }

    private static JsonObject Cell(string id, string text)
    {
        var isMarkdown = text.StartsWith('#') && !text.StartsWith("#!", StringComparison.Ordinal);
        var cell = new JsonObject
        {
            ["cell_type"] = isMarkdown ? "markdown" : "code",
            ["id"] = id,
            ["metadata"] = new JsonObject(),
            ["source"] = text,
        };
        if (!isMarkdown)
        {
            cell["execution_count"] = null;
            cell["outputs"] = new JsonArray();
        }

        return cell;
    }
}
