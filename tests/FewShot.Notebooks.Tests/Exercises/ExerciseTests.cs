using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests.Exercises;

/// <summary>The checks of exercises, on what learners write: the stub as it stands, a wrong answer and a right one.</summary>
public sealed class ExerciseTests
{
    private const int Fewest = 3;

    public static TheoryData<string, string> All => new(ExerciseFile.Notebooks.SelectMany(notebook =>
        ExerciseFile.Load(notebook).Exercises.Select(exercise => (notebook, exercise.Cell))));

    [Theory(Explicit = true)]
    [MemberData(nameof(All))]
    public async Task Should_SayNotYetWrongAndRight_When_TheStubAWrongAndARightAnswerRun(string notebook, string cell)
    {
        var exercise = ExerciseFile.Load(notebook).Exercises.Single(one => one.Cell == cell);
        var run = await CourseRuns.WithAnswersAsync(notebook);
        Assert.True(run.Failure is null, $"{notebook}: {run.Failure}");
        string stub = Says(run.Notebook, cell),
            wrong = Says(run.Notebook, NotebookCells.WrongId(exercise)),
            right = Says(run.Notebook, NotebookCells.RightId(exercise));
        Assert.Contains("not yet", stub, StringComparison.Ordinal);
        Assert.Contains(exercise.Verdict, wrong, StringComparison.Ordinal);
        Assert.DoesNotContain("right:", wrong, StringComparison.Ordinal);
        Assert.Contains("right", right, StringComparison.Ordinal);
        Assert.DoesNotContain("not yet", right, StringComparison.Ordinal);
        Assert.DoesNotContain("wrong:", right, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public void Should_HaveThreeThatCheckWithHints_When_TheExercisesAreRead(string notebook)
    {
        var cells = NotebookDocument.Load(Path.Combine(Course.Folder, notebook)).Cells;
        var prose = string.Join('\n', cells.Where(cell => !cell.IsCode).Select(cell => cell.Source));
        var exercises = ExerciseFile.Load(notebook).Exercises;
        Assert.InRange(exercises.Count, Fewest, 9);
        Assert.Equal(exercises.Count, prose.Split("<details><summary>Hint").Length - 1);
        Assert.Contains("### To discuss", prose, StringComparison.Ordinal);
        foreach (var (number, exercise) in exercises.Index())
        {
            Assert.Contains($"### {number + 1} \u00b7 {exercise.Title}\n", prose, StringComparison.Ordinal);
            var source = cells.Single(cell => cell.Id == exercise.Cell).Source;
            Assert.Matches("// your (code|change)", source);
            // The answer stands in the file of answers alone.
            Assert.All(exercise.Right, change => Assert.DoesNotContain(change.Answer, prose, StringComparison.Ordinal));
        }
    }

    private static string Says(NotebookDocument notebook, string cell) =>
        string.Concat(notebook.Cells.Single(one => one.Id == cell).Outputs.Select(output => (string?)output!["output_type"] == "stream"
            ? MultilineText.Join(output["text"]) : output["data"]?["text/plain"]?.ToString()));
}
