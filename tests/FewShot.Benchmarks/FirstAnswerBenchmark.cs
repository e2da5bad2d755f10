using System.Diagnostics;
using FewShot.Kernel;
using FewShot.Kernel.Tests.Jupyter;
using FewShot.Runtime;
using NetMQ;

namespace FewShot.Benchmarks;

/// <summary>
/// How long a person waits from the start of a kernel's process to the answer of 1+1: the course's kernel against .NET Interactive.
/// </summary>
public sealed class FirstAnswerBenchmark : IBenchmark
{
    private const int RoundCount = 5;
    private const string Rival = "dotnet-interactive";

    /// <inheritdoc/>
    public string Name => "first-answer";

    /// <inheritdoc/>
    public string Description => "from the start of a Jupyter kernel to the answer of 1+1, against .NET Interactive's";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var (dotnet, program, version) = (ThisProgram.Host, KernelLatencyBenchmark.KernelProgram(), Version());
        output.WriteLine($"Work: the start of a kernel and 1+1; {RoundCount} rounds. Peer: {version}.");
        try
        {
            var rounds = Rounds.Measure(
                RoundCount,
                () => Seconds(file => new ProcessStartInfo(dotnet, [program, "jupyter", file])),
                () => Seconds(file => new ProcessStartInfo(Rival, ["jupyter", "--default-kernel", "csharp", file])));
            foreach (var (round, (ours, theirs)) in rounds.Index())
                output.WriteLine($"Round {round + 1}: ours {ours:F2} s, peer {theirs:F2} s, ratio {theirs / ours:F2}");
            var ratio = rounds.Select(round => round.Theirs / round.Ours).Median();
            return new Measurement("a kernel's process started, then 1+1", version, RoundCount, ratio);
        }
        finally
        {
            NetMQConfig.Cleanup(block: false);
        }
    }

    private static double Seconds(Func<string, ProcessStartInfo> start)
    {
        var folder = Directory.CreateTempSubdirectory("fewshot-first-answer-");
        try
        {
            var connection = JupyterClient.NewConnection();
            var file = JupyterClient.WriteFile(connection, Path.Combine(folder.FullName, "connection.json"));
            using var client = new JupyterClient(connection);
            var info = start(file);
            info.WorkingDirectory = folder.FullName;
            info.RedirectStandardOutput = true;
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(info) ?? throw new FewShotException($"{info.FileName} does not start.");
            try
            {
                // What it prints is of no interest, but a full pipe would stop it.
                process.BeginOutputReadLine();
                var status = (string?)client.Reply(client.Shell, client.Execute("1+1")).Content["status"];
                return status == "ok"
                    ? Stopwatch.GetElapsedTime(began).TotalSeconds
                    : throw new FewShotException($"{info.FileName} answers 1+1 with {status}.");
            }
            finally
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Version()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(Rival, ["--version"]) { RedirectStandardOutput = true })!;
            return $".NET Interactive {process.StandardOutput.ReadToEnd().Trim().Split('+')[0]}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new FewShotException(
                $"This comparison needs {Rival} on the PATH: dotnet tool install --global Microsoft.dotnet-interactive");
        }
    }
}
