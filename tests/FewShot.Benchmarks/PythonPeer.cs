using System.Diagnostics;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Benchmarks;

/// <summary>
/// A script of <c>peers/</c> that stays alive between rounds: it prints <c>ready</c>, and then answers each line it reads with one line.
/// </summary>
internal sealed class PythonPeer : IDisposable
{
    private readonly PythonModules modules;
    private readonly Process process;
    private readonly StringBuilder errors = new();

    /// <summary>Starts the script with the first Python that has PyTorch and torchvision.</summary>
    /// <exception cref="FewShotException">There is no such Python, or the script fails.</exception>
    public PythonPeer(string script, params IReadOnlyList<string> arguments)
        : this(PythonModules.PyTorch, script, arguments)
    {
    }

    /// <summary>Starts the script with the first Python that has these modules.</summary>
    /// <exception cref="FewShotException">There is no such Python, or the script fails.</exception>
    public PythonPeer(PythonModules modules, string script, IReadOnlyList<string> arguments)
    {
        this.modules = modules;
        process = Start(Find(modules), [Path.Combine(AppContext.BaseDirectory, "peers", script), .. arguments]);
        process.ErrorDataReceived += (_, line) =>
        {
            lock (errors)
                errors.AppendLine(line.Data);
        };
        process.BeginErrorReadLine();
        Version = Read();
    }

    /// <summary>What the script said it is when it was ready.</summary>
    public string Version { get; }

    /// <summary>Sends one line and waits for the answer.</summary>
    /// <exception cref="FewShotException">The script ended.</exception>
    public string Ask(string line)
    {
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            throw Ended();
        }

        return Read();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
    }

    private string Read() => process.StandardOutput.ReadLine() ?? throw Ended();

    private FewShotException Ended()
    {
        process.WaitForExit();
        lock (errors)
            return new FewShotException($"The {modules.Name} side ended with code {process.ExitCode}:\n{errors.ToString().Trim()}");
    }

    /// <summary>Debian's own Python first, then every one on the PATH.</summary>
    private static string Find(PythonModules modules)
    {
        var path = Environment.GetEnvironmentVariable("PATH") ?? string.Empty;
        var candidates = path.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Prepend("/usr/bin")
            .Select(folder => Path.Combine(folder, "python3"))
            .Distinct()
            .Where(File.Exists)
            .ToList();
        var found = candidates.Count == 0 ? "there is no python3" : $"none of {string.Join(", ", candidates)} has them";
        return candidates.FirstOrDefault(python => Imports(python, modules)) ?? throw new FewShotException(
            $"This comparison needs a Python with {modules.Imports}; {found}. "
            + $"On Debian or Ubuntu: apt-get install {modules.Packages}");
    }

    private static bool Imports(string python, PythonModules modules)
    {
        using var process = Start(python, ["-c", $"import {modules.Imports}"]);
        // Both streams are read, so that a long error cannot fill its pipe and stop the process.
        var errors = process.StandardError.ReadToEndAsync();
        _ = process.StandardOutput.ReadToEnd();
        _ = errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return process.ExitCode == 0;
    }

    private static Process Start(string python, IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(python, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return Process.Start(start) ?? throw new FewShotException($"{python} does not start.");
    }
}
