using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FewShot.Kernel.Run;

namespace FewShot.Notebooks.Tests;

/// <summary>
/// The checks of exercises, on what learners write: the stub as it stands, a wrong answer and a right one. The three cells stand one after
/// another in a copy of the notebook, which runs once.
/// </summary>
public sealed class ExerciseTests
{
    private const string MixedImages = "(share * images) + ((1 - share) * images.index_select(0, partners));";
    private const string MixedTargets = "(share * targets) + ((1 - share) * targets.index_select(0, partners));";
    private const string NearestText = "bank.Labels[bank.Features.matmul(query).argmax().item<long>()].item<long>();";

    private static readonly Exercise[] Exercises =
    [
        new(
            "09-data-augmentation.ipynb",
            "var mixedImages = images;",
            [("mixedImages = images;", $"mixedImages = {MixedImages}")],
            [("mixedImages = images;", $"mixedImages = {MixedImages}"), ("mixedTargets = targets;", $"mixedTargets = {MixedTargets}")],
            "the images are right; the targets must have the same shares"),
        new(
            "10-few-shot-text.ipynb",
            "=> questions;",
            [("=> questions;", "=> questions.With(questions).With(questions);"), ("=> 0;", "=> 1;")],
            [
                ("=> questions;", "=> questions.With(Banking77.Names);"),
                ("=> 0;", $"=> {NearestText}"),
                ("= said[0];", "= \"The plastic that I ordered never turned up\";"),
            ],
            "1: not yet: 231 texts, 154 are expected"),
        new(
            "11-names-as-a-prior.ipynb",
            "    image;   // your",
            [("    image;", "    ((1 - share) * image) + (share * name);")],
            [("    image;", "    (share * image) + ((1 - share) * name);")],
            "not yet: with share 1 only the image counts"),
        new(
            "11-names-as-a-prior.ipynb",
            "    classes;   // your",
            [("    classes;", "    [.. classes.Skip(1)];")],
            [("    classes;", "    [.. classes.Skip(1), classes[0]];")],
            "wrong: these are not the same names"),
        new(
            "12-where-next.ipynb",
            "    scores;   // your",
            [("    scores;", "    2 * scores.masked_fill(forbidden, double.NegativeInfinity);")],
            [("    scores;", "    scores.masked_fill(forbidden, double.NegativeInfinity);")],
            "wrong: scores of allowed classes have changed"),
        new(
            "12-where-next.ipynb",
            "torch.zeros(query.shape[0], query.shape[1]",
            [("torch.zeros(query", "torch.ones(query")],
            [
                (
                    "torch.zeros(query.shape[0], query.shape[1], torch.int64)",
                    "labels.gather(1, query.bmm(context.transpose(1, 2)).argmax(2))"),
            ],
            "not yet:"),
    ];

    private static readonly ConcurrentDictionary<string, Lazy<Task<NotebookResult>>> Runs = new();

    public static TheoryData<int> All => [.. Enumerable.Range(0, Exercises.Length)];

    [Theory(Explicit = true)]
    [MemberData(nameof(All))]
    public async Task Should_SayNotYetWrongAndRight_When_TheStubAWrongAndARightAnswerRun(int number)
    {
        var exercise = Exercises[number];
        var outputs = (await RunAsync(exercise.Notebook)).Notebook.Cells
            .Where(cell => cell.IsCode && Variants(exercise).Contains(cell.Source))
            .Select(cell => string.Concat(cell.Outputs.SelectMany(output => output!["text"]!.AsArray()).Select(line => (string?)line)))
            .ToList();
        Assert.Equal(3, outputs.Count);
        Assert.Contains("not yet", outputs[0], StringComparison.Ordinal);
        Assert.Contains(exercise.Verdict, outputs[1], StringComparison.Ordinal);
        Assert.Contains("right", outputs[2], StringComparison.Ordinal);
        Assert.DoesNotContain("not yet", outputs[2], StringComparison.Ordinal);
    }

    private static string[] Variants(Exercise exercise)
    {
        var stub = Stub(CellsOf(exercise.Notebook), exercise);
        return [Source(stub), Changed(Source(stub), exercise.Wrong), Changed(Source(stub), exercise.Right)];
    }

    private static Task<NotebookResult> RunAsync(string notebook) => Runs.GetOrAdd(notebook, _ => new(async () =>
    {
        var document = Document(notebook);
        var cells = document["cells"]!.AsArray();
        foreach (var exercise in Exercises.Where(exercise => exercise.Notebook == notebook))
        {
            var stub = Stub(cells, exercise);
            var place = cells.IndexOf(stub) + 1;
            foreach (var (answer, id) in new[] { (exercise.Right, "right"), (exercise.Wrong, "wrong") })
            {
                var copy = stub.DeepClone();
                (copy["id"], copy["source"]) = ($"{stub["id"]}-{id}", Changed(Source(stub), answer));
                cells.Insert(place, copy);
            }
        }

        var folder = Directory.CreateTempSubdirectory("fewshot-exercises-");
        try
        {
            var path = Path.Combine(folder.FullName, notebook);
            await File.WriteAllTextAsync(path, document.ToJsonString(), TestContext.Current.CancellationToken);
            var result = await CourseRuns.RunAsync(path, folder.FullName);
            return result.Failure is null ? result : throw new InvalidOperationException($"{notebook}: {result.Failure}");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    })).Value;

    private static JsonNode Document(string notebook) => JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Folder, notebook)))!;

    private static JsonArray CellsOf(string notebook) => Document(notebook)["cells"]!.AsArray();

    private static JsonNode Stub(JsonArray cells, Exercise exercise) =>
        cells.Single(cell => Source(cell!).Contains(exercise.Mark, StringComparison.Ordinal))!;

    private static string Source(JsonNode cell) =>
        cell["source"] is JsonArray lines ? string.Concat(lines.Select(line => (string?)line)) : (string)cell["source"]!;

    private static string Changed(string source, IEnumerable<(string Stub, string Answer)> answer) => answer.Aggregate(
        source,
        (text, one) => text.Contains(one.Stub, StringComparison.Ordinal)
            ? text.Replace(one.Stub, one.Answer, StringComparison.Ordinal)
            : throw new InvalidOperationException($"'{one.Stub}' is not in the stub."));

    /// <summary>An exercise whose cell checks the answer.</summary>
    /// <param name="Notebook">Its notebook.</param>
    /// <param name="Mark">What only its cell contains.</param>
    /// <param name="Wrong">A wrong answer: parts of the stub, and what stands for them.</param>
    /// <param name="Right">A right one.</param>
    /// <param name="Verdict">What the check says of the wrong one.</param>
    private sealed record Exercise(
        string Notebook, string Mark, (string Stub, string Answer)[] Wrong, (string Stub, string Answer)[] Right, string Verdict);
}
