using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Notebooks.Tests.Readme;

/// <summary>The row of CIFAR-10, from a record with made-up figures.</summary>
public sealed class StudyRowTests : IDisposable
{
    private readonly DirectoryInfo copy = Directory.CreateTempSubdirectory("fewshot-readme-");

    public void Dispose() => copy.Delete(recursive: true);

    [Fact]
    public void Should_NameTheRecipeOfEachDraw_When_TheStudyIsRecorded() =>
        Assert.Contains($"{SubsetRecipe.Combined} (2 of 2 draws)", Row(), StringComparison.Ordinal);

    [Fact]
    public void Should_SayWhereChoicesWereMade_When_TheStudyIsRecorded() =>
        Assert.Contains(
            "Every choice by cross-validation inside the 500 labels, 3 folds; all 10,000 test images; 2 draws of the labels",
            Row(),
            StringComparison.Ordinal);

    [Fact]
    public void Should_SayWhatEachIntervalCovers_When_TheStudyIsRecorded() =>
        Assert.Matches(
            @"\*\*83\.0 %\*\*: \[70\.3, 95\.7\] covers the draw of the labels alone, \[[0-9.]+, [0-9.]+\] other test images as well",
            Row());

    [Fact]
    public void Should_LeaveOutNearDuplicates_When_TheStudyIsRecorded() =>
        Assert.Contains("82.0 % without the test images that nearly repeat a labelled one", Row(), StringComparison.Ordinal);

    private string Row()
    {
        var files = new CourseFiles(copy.FullName);
        Directory.CreateDirectory(files.PathOf("data/records"));
        Directory.CreateDirectory(files.PathOf("data/meta"));
        foreach (var shot in new[] { 5, 10 })
        {
            var name = $"sinusoid-{shot}shot-maml.json";
            File.Copy(Path.Combine(Course.Root, "data", "meta", name), files.PathOf($"data/meta/{name}"), overwrite: true);
        }

        var results = new Dictionary<string, double> { ["test images"] = 10_000 };
        foreach (var (draw, test) in new[] { 0.82, 0.84 }.Index())
        {
            results[$"near-duplicates | draw {draw}"] = 0;
            (string Figure, double Value)[] figures =
            [
                ("held out", 0.8),
                ("held-out loss", 0.6),
                ("test", test),
                ("test without near-duplicates", test - 0.01),
            ];
            foreach (var (figure, value) in figures)
                results[$"{SubsetRecipe.Combined} | draw {draw} | {figure}"] = value;
        }

        var record = RunRecord.Capture("study") with
        {
            Weights = "a network",
            Options = RunRecord.OptionsFrom(new { PerClass = 50, Folds = 3 }),
            Results = results,
        };
        record.Write(files.PathOf("data/records/cifar10-50.json"));
        return new ResultRows(files).Results();
    }
}
