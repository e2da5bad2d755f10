using System.Collections.Concurrent;
using System.Diagnostics;
using FewShot.Data;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Run;
using FewShot.Notebooks.Tests.FrontEnds;
using FewShot.Runtime;

[assembly: AssemblyFixture(typeof(CourseJupyter))]

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>
/// A Jupyter of its own for these tests: the course's kernel installed below a temporary prefix, nobody's settings, no data and no
/// downloads.
/// </summary>
public sealed class CourseJupyter : IDisposable
{
    /// <summary>A notebook that takes longer than this hangs.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fewshot-jupyter-");
    private readonly Lazy<Task> installed;
    private readonly ConcurrentDictionary<string, Lazy<Task<NotebookDocument>>> executed = new();

    public CourseJupyter() => installed = new Lazy<Task>(InstallAsync);

    public void Dispose() => folder.Delete(recursive: true);

    /// <summary>A fresh folder that goes away with the tests.</summary>
    public string NewFolder() => folder.CreateSubdirectory(Guid.NewGuid().ToString("N")).FullName;

    /// <summary>The notebook executed by nbclient on stand-ins, once, however many tests ask for it.</summary>
    public Task<NotebookDocument> ExecuteAsync(string name) =>
        executed.GetOrAdd(name, _ => new Lazy<Task<NotebookDocument>>(() => ExecuteOnceAsync(name))).Value;

    /// <summary>Starts a program of Jupyter's that finds the kernel.</summary>
    public async Task<Process> StartAsync(string program, params string[] arguments)
    {
        await installed.Value;
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.FullName,
        };
        start.Environment["JUPYTER_PATH"] = Path.Combine(Prefix, "share", "jupyter");
        foreach (var own in new[] { "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", DataFolder.Variable })
            start.Environment[own] = folder.CreateSubdirectory(own).FullName;
        start.Environment[DownloadOptions.OfflineVariable] = "1";
        start.Environment[CourseProfiles.Variable] = "quick";
        start.Environment.Remove("FEWSHOT_IMAGES");
        return Process.Start(start)!;
    }

    /// <summary>Runs such a program to its end.</summary>
    public async Task RunAsync(string program, params string[] arguments)
    {
        using var process = await StartAsync(program, arguments);
        await EndAsync(process);
    }

    private string Prefix => Path.Combine(folder.FullName, "prefix");

    private async Task<NotebookDocument> ExecuteOnceAsync(string name)
    {
        var target = Path.Combine(NewFolder(), name);
        var script = Path.Combine(AppContext.BaseDirectory, "FrontEnds", "execute.py");
        await RunAsync(Programs.Nbclient(), script, Path.Combine(Course.Folder, name), target);
        return NotebookDocument.Load(target);
    }

    private async Task InstallAsync()
    {
        var kernel = typeof(NotebookRunner).Assembly.Location;
        using var process = Process.Start(new ProcessStartInfo("dotnet", [kernel, "install", "--prefix", Prefix])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        await EndAsync(process);
    }

    private static async Task EndAsync(Process process)
    {
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        try
        {
            await process.WaitForExitAsync(limit.Token);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }

        Assert.True(
            process.ExitCode == 0,
            $"{string.Join(' ', process.StartInfo.ArgumentList)}: {process.ExitCode}\n{await output}\n{await errors}");
    }
}
