using System.Diagnostics;
using System.Text.Json.Nodes;
using FewShot.Kernel;
using FewShot.Kernel.Tests.Jupyter;
using FewShot.Runtime;
using NetMQ;

namespace FewShot.Benchmarks;

/// <summary>How long a person waits for the Jupyter kernel: from the start of its process, and for each small cell after that.</summary>
public sealed class KernelLatencyBenchmark : IBenchmark
{
    private const int Starts = 10;

    private static readonly TimeSpan ReadyBudget = TimeSpan.FromSeconds(1.5);
    private static readonly TimeSpan FirstBudget = TimeSpan.FromSeconds(2.5);
    private static readonly TimeSpan LaterBudget = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan InterruptBudget = TimeSpan.FromSeconds(1);

    private static readonly string[] SmallCells =
    [
        "var numbers = new[] { 3, 1, 2 };",
        "numbers.Sum()",
        "Console.WriteLine(numbers[0]);",
        "$\"{numbers.Length} numbers\"",
        "int Twice(int x) => 2 * x;",
        "Twice(21)",
        "numbers.Order().Select(Twice).ToArray()",
        "foreach (var number in numbers) { Console.Write(number); }",
        "display(\"shown\");",
        "numbers = [];",
    ];

    // Both say that they have begun, so that the interrupt meets the loop itself.
    private static readonly string[] Loops = ["Console.WriteLine(0); while (true) { }", "while (true) Console.WriteLine(0);"];

    /// <inheritdoc/>
    public string Name => "kernel-latency";

    /// <inheritdoc/>
    public string Description =>
        $"the least of four budgets over what the Jupyter kernel takes: ready, first 1+1, later small cells, interrupt ({Starts} starts)";

    /// <inheritdoc/>
    public Measurement Run(TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var program = KernelProgram();
        output.WriteLine(
            $"Work: {Starts} starts of {program}, one after another; then 1+1, {SmallCells.Length} small cells "
            + $"and {Loops.Length} endless loops, interrupted, in each. {Environment.ProcessorCount} cores.");
        var waits = new List<Waits>();
        try
        {
            for (var start = 0; start < Starts; start++)
            {
                var wait = Measure(program);
                waits.Add(wait);
                output.WriteLine(
                    $"Start {start + 1}: ready {wait.Ready:F2} s, "
                    + $"1+1 {wait.First:F2} s after the start ({wait.Work:F2} s of processor time), "
                    + $"later cells {1000 * wait.Later.Median():F0} ms (slowest {1000 * wait.Later.Max():F0} ms), "
                    + $"interrupt {1000 * wait.Interrupts.Max():F0} ms");
            }
        }
        finally
        {
            NetMQConfig.Cleanup(block: false);
        }

        var ratios = new Dictionary<string, double>();
        Compare("ready (kernel_info_reply)", ReadyBudget, waits.Select(each => each.Ready));
        Compare("first 1+1 answered", FirstBudget, waits.Select(each => each.First));
        Compare("later small cell answered", LaterBudget, waits.Select(each => each.Later.Median()));
        Compare("endless loop interrupted (the slower of two)", InterruptBudget, waits.Select(each => each.Interrupts.Max()));
        output.WriteLine("The ratio is the least of the four: from 1 on, all budgets hold.");
        return new Measurement($"{Starts} starts of the kernel, one after another", "a budget for each wait", Starts, ratios);

        void Compare(string what, TimeSpan budget, IEnumerable<double> seconds)
        {
            var median = seconds.Median();
            output.WriteLine(
                $"Median, {what}: {1000 * median:F0} ms of {budget.TotalMilliseconds:F0} ms, ratio {budget.TotalSeconds / median:F2}");
            ratios[what] = budget.TotalSeconds / median;
        }
    }

    /// <summary>
    /// Seconds: the first two from the start of the process, the last two from the request to the reply. The work is the processor time
    /// until 1+1 was answered, which a busy machine changes less.
    /// </summary>
    private sealed record Waits(double Ready, double First, double Work, IReadOnlyList<double> Later, IReadOnlyList<double> Interrupts);

    private static Waits Measure(string program)
    {
        var folder = Directory.CreateTempSubdirectory("fewshot-latency-");
        try
        {
            var connection = JupyterClient.NewConnection();
            var file = JupyterClient.WriteFile(connection, Path.Combine(folder.FullName, "connection.json"));
            using var client = new JupyterClient(connection);
            // The arguments are those of the kernelspec, but the program is the one that its own build made, not the copy beside this one.
            var arguments = ThisProgram.AsKernel;
            var rest = arguments.Skip(2).Select(argument => argument.Replace("{connection_file}", file, StringComparison.Ordinal));
            var start = new ProcessStartInfo(arguments[0], [program, .. rest])
            {
                WorkingDirectory = folder.FullName,
            };
            var began = Stopwatch.GetTimestamp();
            using var process = Process.Start(start) ?? throw new FewShotException($"{arguments[0]} does not start.");
            try
            {
                _ = client.Ask("kernel_info_request", []);
                var ready = Stopwatch.GetElapsedTime(began).TotalSeconds;
                Execute(client, "1+1");
                var first = Stopwatch.GetElapsedTime(began).TotalSeconds;
                process.Refresh();
                var work = process.TotalProcessorTime.TotalSeconds;
                var later = SmallCells.Select(cell => Rounds.Seconds(() => Execute(client, cell))).ToList();
                var interrupts = Loops.Select(loop => Interrupt(client, loop)).ToList();
                Execute(client, "1+1");
                _ = client.Reply(client.Control, client.Send(client.Control, "shutdown_request", new JsonObject { ["restart"] = false }));
                return new Waits(ready, first, work, later, interrupts);
            }
            finally
            {
                if (!process.WaitForExit(TimeSpan.FromSeconds(10)))
                    process.Kill();
                process.WaitForExit();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Execute(JupyterClient client, string code)
    {
        var reply = client.Reply(client.Shell, client.Execute(code));
        if ((string?)reply.Content["status"] != "ok")
            throw new FewShotException($"The cell {code} failed: {reply.Content["evalue"]}");
    }

    /// <summary>Seconds from the interrupt to the end of the cell.</summary>
    private static double Interrupt(JupyterClient client, string loop)
    {
        var id = client.Execute(loop);
        _ = client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        return Rounds.Seconds(() =>
        {
            _ = client.Send(client.Control, "interrupt_request", []);
            _ = client.Reply(client.Shell, id);
        });
    }

    /// <summary>What the build of src/FewShot.Kernel made, in the configuration of this program.</summary>
    internal static string KernelProgram()
    {
        // <root>/tests/FewShot.Benchmarks/bin/<configuration>/<framework>/
        var own = AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar).Split(Path.DirectorySeparatorChar);
        var root = string.Join(Path.DirectorySeparatorChar, own[..^5]);
        var program = Path.Combine([root, "src", "FewShot.Kernel", .. own[^3..], "FewShot.Kernel.dll"]);
        return File.Exists(program) ? program : throw new FewShotException($"{program} is not there: build src/FewShot.Kernel first.");
    }
}
