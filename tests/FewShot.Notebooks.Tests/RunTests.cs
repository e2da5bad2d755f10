using FewShot.Data;
using FewShot.Kernel.Run;
using FewShot.Runtime;

namespace FewShot.Notebooks.Tests;

/// <summary>Every notebook runs from top to bottom, on real data where it is at hand and on stand-ins.</summary>
public class RunTests
{
    [Theory]
    [MemberData(nameof(Course.AllWithSolutions), MemberType = typeof(Course))]
    public async Task Should_RunToTheEndAndSaySo_When_ThereAreOnlyStandIns(string name)
    {
        var empty = Directory.CreateTempSubdirectory("fewshot-no-data-");
        try
        {
            var output = await RunAsync(name, empty.FullName);
            if (UsesImages(name))
                Assert.Contains("STAND-IN", output, StringComparison.Ordinal);
        }
        finally
        {
            empty.Delete(recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Course.All), MemberType = typeof(Course))]
    public async Task Should_RunToTheEnd_When_TheRealDataIsThere(string name)
    {
        var data = Environment.GetEnvironmentVariable(DataFolder.Variable);
        Assert.SkipWhen(string.IsNullOrWhiteSpace(data), $"{DataFolder.Variable} is not set: it names the folder with CIFAR-10 and ResNet-18's weights.");
        var output = await RunAsync(name, data!);
        Assert.DoesNotContain("STAND-IN", output, StringComparison.Ordinal);
    }

    /// <summary>Sine waves are drawn by code with real data, too: they stand in for nothing.</summary>
    private static bool UsesImages(string name) =>
        File.ReadAllText(Path.Combine(Course.Folder, name)).Contains("Material.OpenAsync", StringComparison.Ordinal);

    private static async Task<string> RunAsync(string name, string data)
    {
        var before = Environment.GetEnvironmentVariable(DataFolder.Variable);
        var beforeOffline = Environment.GetEnvironmentVariable(DownloadOptions.OfflineVariable);
        Environment.SetEnvironmentVariable(DataFolder.Variable, data);
        Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, "1");
        try
        {
            var result = await NotebookRunner.RunAsync(Path.Combine(Course.Folder, name), new NotebookRunOptions { Profile = CourseProfile.Quick }, TestContext.Current.CancellationToken);
            Assert.True(result.Failure is null, $"{name}: {result.Failure}");
            return string.Concat(result.Notebook.Cells.Where(cell => cell.IsCode).Select(cell => cell.Outputs.ToJsonString()));
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataFolder.Variable, before);
            Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, beforeOffline);
        }
    }
}
