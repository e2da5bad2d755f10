using System.Text.Json.Nodes;

namespace FewShot.Notebooks.Tests.Exercises;

/// <summary>The answers to a notebook's exercises, as notebooks/exercises/NN-name.json holds them: their only source.</summary>
internal sealed record ExerciseFile(string Notebook, IReadOnlyList<Exercise> Exercises)
{
    /// <summary>Notebooks that have such a file.</summary>
    public static IReadOnlyList<string> Notebooks { get; } =
    [
        .. Directory.EnumerateFiles(Folder, "*.json").Select(path => Path.GetFileNameWithoutExtension(path) + ".ipynb")
            .Order(StringComparer.Ordinal),
    ];

    private static string Folder => Path.Combine(Course.Folder, "exercises");

    public static ExerciseFile Load(string notebook)
    {
        var path = Path.Combine(Folder, Path.ChangeExtension(notebook, ".json"));
        var root = JsonNode.Parse(File.ReadAllText(path))!;
        return new ExerciseFile(notebook, [.. root["exercises"]!.AsArray().Select(entry => new Exercise(
            (string)entry!["cell"]!,
            (string)entry["title"]!,
            [.. entry["needs"]!.AsArray().Select(id => (string)id!)],
            Text(entry["explanation"]!),
            Changes(entry["wrong"]!),
            Text(entry["verdict"]!),
            Changes(entry["right"]!),
            entry["fsharp"] is { } other ? Text(other) : null))]);
    }

    private static IReadOnlyList<Change> Changes(JsonNode list) =>
        [.. list.AsArray().Select(change => new Change(Text(change!["stub"]!), Text(change["answer"]!)))];

    /// <summary>A text, or the lines of one.</summary>
    private static string Text(JsonNode node) =>
        node is JsonArray lines ? string.Join('\n', lines.Select(line => (string)line!)) : node.GetValue<string>();
}

/// <summary>An exercise whose cell checks the answer.</summary>
/// <param name="Cell">Id of the cell with the stub.</param>
/// <param name="Title">What it is called.</param>
/// <param name="Needs">Ids of the cells without which the answer does not run.</param>
/// <param name="Explanation">Why the answer is the answer, in Markdown.</param>
/// <param name="Wrong">Makes a wrong answer of the stub.</param>
/// <param name="Verdict">What the check says of the wrong one.</param>
/// <param name="Right">Makes a right one.</param>
/// <param name="FSharp">The right one in F#, or null.</param>
internal sealed record Exercise(
    string Cell,
    string Title,
    IReadOnlyList<string> Needs,
    string Explanation,
    IReadOnlyList<Change> Wrong,
    string Verdict,
    IReadOnlyList<Change> Right,
    string? FSharp)
{
    /// <summary>The stub with an answer in place of its open parts.</summary>
    public string Answered(string stub, IReadOnlyList<Change> answer) => answer.Aggregate(stub, (text, one) =>
        text.Split(one.Stub).Length == 2
            ? text.Replace(one.Stub, one.Answer, StringComparison.Ordinal)
            : throw new InvalidOperationException($"Exercise {Cell}: '{one.Stub}' does not stand in the stub once."));
}

/// <summary>A part of a stub, and what stands for it in an answer.</summary>
internal sealed record Change(string Stub, string Answer);
