using System.Collections.Concurrent;
using FewShot.Data;
using FewShot.Kernel.Run;
using FewShot.Notebooks.Tests.Exercises;
using FewShot.Runtime;

namespace FewShot.Notebooks.Tests;

/// <summary>
/// The notebooks executed by <c>run</c>, here in the test process and one at a time: the environment that they read belongs to the process.
/// </summary>
internal static class CourseRuns
{
    /// <summary>
    /// The folder with real data that the tests were started with, or null; read once, before any run puts another into the environment.
    /// </summary>
    public static readonly string? RealData =
        Environment.GetEnvironmentVariable(DataFolder.Variable) is { Length: > 0 } folder ? folder : null;

    private static readonly SemaphoreSlim OneAtATime = new(1, 1);
    private static readonly ConcurrentDictionary<string, Lazy<Task<NotebookResult>>> StandIns = new();
    private static readonly ConcurrentDictionary<string, Lazy<Task<NotebookResult>>> Answered = new();

    /// <summary>The notebook without any data, executed once, however many tests ask for it.</summary>
    public static Task<NotebookResult> OnStandInsAsync(string name) =>
        StandIns.GetOrAdd(name, _ => new Lazy<Task<NotebookResult>>(() => RunWithoutDataAsync(name))).Value;

    /// <summary>The same with the answers to its exercises behind their stubs.</summary>
    public static Task<NotebookResult> WithAnswersAsync(string name) =>
        Answered.GetOrAdd(name, _ => new Lazy<Task<NotebookResult>>(async () =>
        {
            var folder = Directory.CreateTempSubdirectory("fewshot-exercises-");
            try
            {
                var path = Path.Combine(folder.FullName, name);
                await File.WriteAllBytesAsync(path, NotebookCells.WithAnswers(ExerciseFile.Load(name)).ToBytes());
                return await RunAsync(path, folder.FullName);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        })).Value;

    /// <summary>The notebook with the data in a folder.</summary>
    /// <param name="name">Its name in the course, or its full path.</param>
    /// <param name="data">The folder.</param>
    public static async Task<NotebookResult> RunAsync(string name, string data)
    {
        await OneAtATime.WaitAsync(TestContext.Current.CancellationToken);
        var before = Environment.GetEnvironmentVariable(DataFolder.Variable);
        var beforeOffline = Environment.GetEnvironmentVariable(DownloadOptions.OfflineVariable);
        Environment.SetEnvironmentVariable(DataFolder.Variable, data);
        Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, "1");
        try
        {
            var options = new NotebookRunOptions { Profile = CourseProfile.Quick, StillCharts = true };
            return await NotebookRunner.RunAsync(Path.Combine(Course.Folder, name), options, TestContext.Current.CancellationToken);
        }
        finally
        {
            Environment.SetEnvironmentVariable(DataFolder.Variable, before);
            Environment.SetEnvironmentVariable(DownloadOptions.OfflineVariable, beforeOffline);
            OneAtATime.Release();
        }
    }

    private static async Task<NotebookResult> RunWithoutDataAsync(string name)
    {
        var empty = Directory.CreateTempSubdirectory("fewshot-no-data-");
        try
        {
            return await RunAsync(name, empty.FullName);
        }
        finally
        {
            empty.Delete(recursive: true);
        }
    }
}
