using FewShot.Data;
using FewShot.Kernel.Run;

namespace FewShot.Notebooks.Tests;

/// <summary>Every notebook runs from top to bottom, on real data where it is at hand and on stand-ins.</summary>
public class RunTests
{
    /// <summary>The other short ones draw waves, or show drawings that the repository holds: real data changes nothing in them.</summary>
    public static TheoryData<string> ShortWithImages => [.. Course.Short.Select(row => row.Data).Where(UsesImages)];

    [Theory]
    [MemberData(nameof(Course.ShortWithSolutions), MemberType = typeof(Course))]
    public Task Should_RunToTheEndAndSaySo_When_ThereAreOnlyStandIns(string name) => OnStandInsAsync(name);

    [Theory(Explicit = true)]
    [MemberData(nameof(Course.Long), MemberType = typeof(Course))]
    public async Task Should_RunToTheEndAndSaySo_When_ThereAreOnlyStandInsAndItTakesMinutes(string name) =>
        // With the answers to its exercises, whose tests share the run.
        SaysSo(name, await CourseRuns.WithAnswersAsync(name));

    // A solution repeats the beginning of its notebook.
    [Theory(Explicit = true)]
    [MemberData(nameof(Course.LongSolutions), MemberType = typeof(Course))]
    public Task Should_RunToTheEndAndSaySo_When_ASolutionTakesMinutes(string name) => OnStandInsAsync(name);

    [Theory]
    [MemberData(nameof(ShortWithImages))]
    public Task Should_RunToTheEnd_When_TheRealDataIsThere(string name) => OnRealDataAsync(name);

    [Theory(Explicit = true)]
    [MemberData(nameof(Course.Long), MemberType = typeof(Course))]
    public Task Should_RunToTheEnd_When_TheRealDataIsThereAndItTakesMinutes(string name) => OnRealDataAsync(name);

    private static async Task OnStandInsAsync(string name) => SaysSo(name, await CourseRuns.OnStandInsAsync(name));

    private static void SaysSo(string name, NotebookResult result)
    {
        var output = Output(name, result);
        if (UsesImages(name))
            Assert.Contains("STAND-IN", output, StringComparison.Ordinal);
        // The compiler has nothing to say against the course's own code.
        Assert.DoesNotContain(": warning CS", output, StringComparison.Ordinal);
    }

    private static async Task OnRealDataAsync(string name)
    {
        var data = CourseRuns.RealData;
        Assert.SkipWhen(data is null, $"{DataFolder.Variable} is not set: it names the folder with CIFAR-10.");
        Assert.DoesNotContain("STAND-IN", Output(name, await CourseRuns.RunAsync(name, data!)), StringComparison.Ordinal);
    }

    /// <summary>Sine waves are drawn by code with real data, too: they stand in for nothing.</summary>
    private static bool UsesImages(string name) =>
        File.ReadAllText(Path.Combine(Course.Folder, name)).Contains("Material.OpenAsync", StringComparison.Ordinal);

    private static string Output(string name, NotebookResult result)
    {
        Assert.True(result.Failure is null, $"{name}: {result.Failure}");
        return string.Concat(result.Notebook.Cells.Where(cell => cell.IsCode).Select(cell => cell.Outputs.ToJsonString()));
    }
}
