using System.Diagnostics;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Sessions;
using NetMQ;

namespace FewShot.Kernel.Tests.Jupyter;

/// <summary>The README's way for a reader who has the tool .NET Interactive and not the course's kernel.</summary>
public sealed class NetInteractiveTests
{
    private const string Package = "Microsoft.dotnet-interactive";
    private const string Version = "1.0.712001";

    [Fact]
    public void Should_ImportTheCoursesNamespaces_When_TheKernelImportsThem()
    {
        var imported = File.ReadLines(Path.Combine(RepositoryRoot(), "notebooks", "net-interactive.dib"))
            .Where(line => line.StartsWith("using FewShot.", StringComparison.Ordinal))
            .Select(line => line["using ".Length..].TrimEnd(';'));
        Assert.Equal(Imports.Namespaces.Where(name => name.StartsWith("FewShot.", StringComparison.Ordinal)), imported);
    }

    [Fact(Explicit = true)]
    public void Should_RunNotebook00WithItsChart_When_TheToolImportsTheCourse()
    {
        var root = RepositoryRoot();
        var built = Path.Combine(root, "src", "FewShot.Kernel", "bin", "Release", "net10.0");
        Assert.SkipUnless(File.Exists(Path.Combine(built, "FewShot.dll")), "The course is not built for Release.");
        using var folder = new TestFolder();
        var tools = folder["tool"];
        using var install = Start("dotnet", root, ["tool", "install", "--tool-path", tools, Package, "--version", Version]);
        install.WaitForExit();
        Assert.SkipUnless(install.ExitCode == 0, $"{Package} {Version} cannot be installed here.");
        var core = Directory.EnumerateFiles(tools, "FSharp.Core.dll", SearchOption.AllDirectories).Single();
        File.Copy(Path.Combine(built, "FSharp.Core.dll"), core, overwrite: true);

        var connection = JupyterClient.NewConnection();
        var file = JupyterClient.WriteFile(connection, folder["connection.json"]);
        var client = new JupyterClient(connection);
        var notebooks = Path.Combine(root, "notebooks");
        using var kernel = Start(Path.Combine(tools, "dotnet-interactive"), notebooks, ["jupyter", "--default-kernel", "csharp", file]);
        try
        {
            client.WaitUntilReady();
            var cells = NotebookDocument.Load(Path.Combine(notebooks, "00-setup-check.ipynb")).Cells
                .Where(cell => cell.IsCode)
                .Select(cell => cell.Source);
            var charts = 0;
            foreach (var code in cells.Prepend("#!import net-interactive.dib"))
            {
                var (reply, outputs) = client.Run(code);
                Assert.True(
                    (string?)reply.Content["status"] == "ok", $"{code}\n{string.Join('\n', outputs.Select(each => each.Content))}");
                charts += outputs.Count(output =>
                    ((string?)output.Content["data"]?["text/html"] ?? "").StartsWith("<div data-fewshot-chart", StringComparison.Ordinal));
            }

            Assert.Equal(1, charts);
        }
        finally
        {
            kernel.Kill(entireProcessTree: true);
            kernel.WaitForExit();
            client.Dispose();
            NetMQConfig.Cleanup(block: false);
        }
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FewShot.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests do not run in the repository.");
        return folder;
    }

    private static Process Start(string program, string folder, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        // What it prints is of no interest, but a full pipe would stop it.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
