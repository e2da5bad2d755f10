using System.Text.Json;
using System.Text.Json.Nodes;
using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests.Exercises;

/// <summary>New notebooks made of a notebook's cells and of answers to its exercises.</summary>
internal static class NotebookCells
{
    // The language of a cell as the course's notebooks hold it.
    private const string CodeMetadata = """
        { "dotnet_interactive": { "language": "csharp" }, "polyglot_notebook": { "kernelName": "csharp" } }
        """;

    /// <summary>The notebook; after each stub its right and its wrong answer.</summary>
    public static NotebookDocument WithAnswers(ExerciseFile file)
    {
        var root = Root(file.Notebook);
        var cells = root["cells"]!.AsArray();
        foreach (var exercise in file.Exercises)
        {
            var stub = Find(cells, exercise.Cell);
            var place = cells.IndexOf(stub) + 1;
            cells.Insert(place, Code(WrongId(exercise), exercise.Answered(Source(stub), exercise.Wrong)));
            cells.Insert(place, Code(RightId(exercise), exercise.Answered(Source(stub), exercise.Right)));
        }

        return Parsed(root, file.Notebook);
    }

    public static string RightId(Exercise exercise) => exercise.Cell + "-right";

    public static string WrongId(Exercise exercise) => exercise.Cell + "-wrong";

    /// <summary>The solutions: the cells that the answers need, then each answer with its explanation. Nothing is run yet.</summary>
    public static NotebookDocument Solutions(ExerciseFile file)
    {
        var root = Root(file.Notebook);
        var cells = root["cells"]!.AsArray();
        var title = Parsed(root, file.Notebook).Title;
        // The chapter's own name, without what stands behind a colon.
        var heading = $"# Solutions \u00b7 {title.Split(':')[0]}\n\nBack to the notebook: [{title.Split(':')[0]}](../{file.Notebook})";
        var needed = file.Exercises.SelectMany(exercise => exercise.Needs).ToHashSet();
        var solutions = new JsonArray(Prose("title", heading));
        if (needed.Count > 0)
        {
            solutions.Add(Prose("needs", "## From the notebook\n\nThe answers go on from these cells."));
            foreach (var cell in cells.Where(cell => needed.Contains((string)cell!["id"]!)))
            {
                var copy = Code((string)cell!["id"]!, Source(cell));
                copy["metadata"] = cell["metadata"]!.DeepClone();
                solutions.Add(copy);
            }
        }

        foreach (var exercise in file.Exercises)
        {
            solutions.Add(Prose($"{exercise.Cell}-why", $"## {exercise.Title}\n\n{exercise.Explanation}"));
            solutions.Add(Code(RightId(exercise), exercise.Answered(Source(Find(cells, exercise.Cell)), exercise.Right)));
            if (exercise.FSharp is not null)
            {
                solutions.Add(Prose($"{exercise.Cell}-fsharp-why", "The same in F#:"));
                solutions.Add(Code($"{exercise.Cell}-fsharp", "#!fsharp\n" + exercise.FSharp));
            }
        }

        root["cells"] = solutions;
        return Parsed(root, Path.Combine("solutions", file.Notebook));
    }

    private static JsonObject Root(string notebook) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Folder, notebook)))!.AsObject();

    private static NotebookDocument Parsed(JsonObject root, string notebook) =>
        NotebookDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(root), Path.Combine(Course.Folder, notebook));

    private static JsonNode Find(JsonArray cells, string id) =>
        cells.FirstOrDefault(cell => (string)cell!["id"]! == id) ?? throw new InvalidOperationException($"There is no cell {id}.");

    private static string Source(JsonNode cell) =>
        cell["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string)cell["source"]!;

    private static JsonObject Prose(string id, string text) => Cell("markdown", id, text, new JsonObject());

    private static JsonObject Code(string id, string text)
    {
        var cell = Cell("code", id, text, JsonNode.Parse(CodeMetadata)!);
        cell["execution_count"] = null;
        cell["outputs"] = new JsonArray();
        return cell;
    }

    private static JsonObject Cell(string kind, string id, string text, JsonNode metadata)
    {
        var lines = text.Split('\n');
        return new JsonObject
        {
            ["cell_type"] = kind,
            ["id"] = id,
            ["metadata"] = metadata,
            ["source"] = new JsonArray([.. lines.Select((line, i) => JsonValue.Create(i < lines.Length - 1 ? line + "\n" : line))]),
        };
    }
}
