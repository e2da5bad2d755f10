using FewShot.Kernel.Notebooks;

namespace FewShot.Notebooks.Tests.Exercises;

/// <summary>The notebooks of solutions are what notebooks and answers make of them.</summary>
public sealed class SolutionTests
{
    /// <summary>With 1, the test writes the solutions that differ, without outputs, instead of comparing them.</summary>
    private const string UpdateVariable = "FEWSHOT_UPDATE_SOLUTIONS";

    public static TheoryData<string> All => [.. ExerciseFile.Notebooks];

    [Theory]
    [MemberData(nameof(All))]
    public void Should_HoldTheAnswersAsTheFileGivesThem_When_Read(string notebook)
    {
        var expected = NotebookCells.Solutions(ExerciseFile.Load(notebook));
        var path = Path.Combine(Course.Folder, "solutions", notebook);
        if (Environment.GetEnvironmentVariable(UpdateVariable) != "1")
            Assert.Equal(Cells(expected), Cells(NotebookDocument.Load(path)));
        else if (!File.Exists(path) || !Cells(expected).SequenceEqual(Cells(NotebookDocument.Load(path))))
            File.WriteAllBytes(path, [.. expected.ToBytes(), (byte)'\n']);
    }

    private static IEnumerable<(string, string, string)> Cells(NotebookDocument notebook) =>
        notebook.Cells.Select(cell => (cell.Kind, cell.Id, cell.Source));
}
