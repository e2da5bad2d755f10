using System.Text.Json.Nodes;
using FewShot.Runtime;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>The files that README.md takes its figures from, in one copy of the course.</summary>
/// <param name="root">The folder with README.md.</param>
internal sealed class CourseFiles(string root)
{
    public string Readme => Path.Combine(root, "README.md");

    public string Picture => Path.Combine(root, "notebooks", "images", "accuracy-by-labels.png");

    public static string RecordName(string name) => $"data/records/{name}.json";

    public static string MetaName(string name) => $"data/meta/{name}.json";

    public string PathOf(string name) => Path.Combine(root, name);

    public RunRecord Record(string name) => RunRecord.Read(PathOf(name));

    public RunRecord? RecordIfAny(string name) => File.Exists(PathOf(name)) ? Record(name) : null;

    /// <summary>The files of a folder, by their names in the course.</summary>
    public IEnumerable<string> Names(string folder, string pattern) =>
        Directory.EnumerateFiles(PathOf(folder), pattern)
            .Select(path => $"{folder}/{Path.GetFileName(path)}")
            .Order(StringComparer.Ordinal);

    /// <summary>The downloads of data/manifest.json: id, title, bytes.</summary>
    public IReadOnlyList<(string Id, string Title, long Bytes)> Downloads() =>
    [
        .. JsonNode.Parse(File.ReadAllText(PathOf("data/manifest.json")))!["entries"]!.AsArray()
            .Select(entry => ((string)entry!["id"]!, (string)entry["title"]!, (long)entry["bytes"]!)),
    ];

    /// <summary>What a notebook stores of the chart that a cell with this code drew: its words and its picture.</summary>
    /// <exception cref="InvalidDataException">No cell has that code, or its chart is not stored.</exception>
    public (string Words, byte[] Picture) StoredChart(string notebook, string code)
    {
        var cells = JsonNode.Parse(File.ReadAllText(PathOf($"notebooks/{notebook}.ipynb")))!["cells"]!.AsArray();
        var data = cells.Where(cell => Text(cell!["source"]).Contains(code, StringComparison.Ordinal))
            .SelectMany(cell => cell!["outputs"]!.AsArray())
            .Select(output => output!["data"])
            .FirstOrDefault(data => data?["image/png"] is not null)
            ?? throw new InvalidDataException($"{notebook} stores no chart of a cell with {code}.");
        return (Text(data["text/plain"]), Convert.FromBase64String(Text(data["image/png"]).ReplaceLineEndings(string.Empty)));
    }

    // Jupyter writes a text as one string or as a list of lines.
    private static string Text(JsonNode? node) =>
        node is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string?)node ?? string.Empty;
}
