using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using FewShot.Kernel.Jupyter;
using NetMQ;

namespace FewShot.Kernel.Tests.Jupyter;

/// <summary>The kernel as Jupyter starts it: a process of its own, by the arguments of its kernelspec.</summary>
public sealed class ProcessTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TestFolder folder = new();
    private readonly Process parent = Process.Start("sleep", "600");
    private readonly ConnectionFile connection = JupyterClient.NewConnection();
    private Process process;
    private JupyterClient client;
    private Task<string> errors;

    public ProcessTests() => (process, client, errors) = Start();

    public void Dispose()
    {
        client.Dispose();
        NetMQConfig.Cleanup(block: false);
        foreach (var started in new[] { process, parent })
        {
            if (!started.HasExited)
                started.Kill(entireProcessTree: true);
            started.WaitForExit();
            started.Dispose();
        }

        folder.Dispose();
    }

    [Fact]
    public void Should_StartFromItsFolderAndEnd_When_AskedToShutDown()
    {
        File.WriteAllText(folder["beside.txt"], "beside the notebook");
        var (_, outputs) = client.Run("System.IO.File.ReadAllText(\"beside.txt\")");
        var result = outputs.Single(message => message.Type == "execute_result");
        Assert.Equal("beside the notebook", (string?)result.Content["data"]!["text/plain"]);
        ShutDown(restart: false);
    }

    [Fact(Explicit = true)]
    public void Should_LoadFSharpOnly_When_ACellIsFSharp()
    {
        const string IsLoaded =
            "AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name!.StartsWith(\"FSharp.Compiler\"))";
        var request = new JsonObject { ["code"] = "#!fsharp\nSystem.Ma", ["cursor_pos"] = 18 };
        Assert.Empty(client.Ask("complete_request", request).Content["matches"]!.AsArray());
        Assert.Equal("False", Value(IsLoaded));
        Assert.Equal("2", Value("#!fsharp\n1 + 1"));
        Assert.Equal("True", Value(IsLoaded));

        string? Value(string code)
        {
            var result = client.Run(code).Outputs.Single(message => message.Type == "execute_result");
            return (string?)result.Content["data"]!["text/plain"];
        }
    }

    [Fact]
    public void Should_StartAfreshFromTheSameFile_When_Restarted()
    {
        client.Run("var kept = 1;");
        ShutDown(restart: true);
        client.Dispose();
        process.Dispose();
        (process, client, errors) = Start();
        Assert.Equal("Compilation error", (string?)client.Run("kept").Reply.Content["ename"]);
        Assert.Equal("ok", (string?)client.Run("var kept = 2;").Reply.Content["status"]);
    }

    [Fact]
    public void Should_ListenOnlyWhereTheConnectionFileSays_When_ItRuns()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Read from /proc.");
        client.Run("1 + 1");
        var sockets = Directory.GetFiles($"/proc/{process.Id}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? string.Empty)
            .ToHashSet();
        const string Listening = "0A";
        var listening = new[] { "tcp", "tcp6" }.SelectMany(table => File.ReadLines($"/proc/{process.Id}/net/{table}").Skip(1))
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
            .Where(fields => fields[3] == Listening && sockets.Contains($"socket:[{fields[9]}]"))
            .Select(fields => fields[1]);
        int[] ports = [connection.Shell, connection.Control, connection.Iopub, connection.Stdin, connection.Heartbeat];
        Assert.Equal(ports.Select(port => $"0100007F:{port:X4}").Order(StringComparer.Ordinal), listening.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Should_End_When_AskedWhileACellRuns()
    {
        var id = client.Execute("Console.WriteLine(1); while (true) { }");
        client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        client.Reply(client.Control, client.Send(client.Control, "shutdown_request", new JsonObject { ["restart"] = false }));
        ShouldEnd(0);
    }

    [Fact]
    public void Should_End_When_TheProcessThatStartedItHasEnded()
    {
        parent.Kill();
        ShouldEnd(0);
    }

    [Fact]
    public void Should_StopTheCellAndStay_When_InterruptedByASignal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are Unix's.");
        Assert.SkipWhen(IgnoresInterrupts(), "These tests were started with SIGINT ignored, as nohup does, and so is the kernel.");
        // Nothing runs: nothing happens.
        Signal("INT");
        // The process is told of a signal on a thread of its own, a little later.
        Thread.Sleep(500);
        var id = client.Execute("Console.WriteLine(1); while (true) { }");
        client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        Signal("INT");
        Assert.EndsWith("was stopped.", (string?)client.Reply(client.Shell, id).Content["evalue"], StringComparison.Ordinal);
        Assert.Equal("ok", (string?)client.Run("1 + 1").Reply.Content["status"]);
    }

    [Fact]
    public void Should_ExplainTheEnd_When_TerminatedWhileACellRuns()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are Unix's.");
        var id = client.Execute("Console.WriteLine(1); while (true) { }");
        client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        Signal("TERM");
        Assert.Contains("SIGTERM", (string?)client.Reply(client.Shell, id).Content["evalue"], StringComparison.Ordinal);
        ShouldEnd(143);
    }

    [Fact]
    public void Should_ExplainTheEnd_When_ACellCallsExit()
    {
        var reply = client.Reply(client.Shell, client.Execute("Environment.Exit(3);"));
        Assert.Contains("Environment.Exit", (string?)reply.Content["evalue"], StringComparison.Ordinal);
        ShouldEnd(3);
    }

    [Fact]
    public void Should_ExplainTheEnd_When_AThreadOfTheCellThrows()
    {
        var id = client.Execute(
            "new System.Threading.Thread(() => throw new Exception(\"far away\")).Start(); await Task.Delay(20_000);");
        var reply = client.Reply(client.Shell, id);
        Assert.Contains("far away", (string?)reply.Content["evalue"], StringComparison.Ordinal);
        ShouldEnd(null);
    }

    [Fact]
    public void Should_StayUsable_When_ACellTakesAllMemory()
    {
        var (reply, _) = client.Run("var hoard = new List<byte[]>();\nwhile (true) hoard.Add(new byte[1 << 24]);");
        Assert.Equal("System.OutOfMemoryException", (string?)reply.Content["ename"]);
        client.Run("hoard = null;");
        var (_, outputs) = client.Run("40 + 2");
        Assert.Equal("42", (string?)outputs.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]);
    }

    [Fact(Explicit = true)]
    public void Should_StayLightAndCompleteQuickly_When_ASessionIsLong()
    {
        const double Allowed = 520e6;
        Run(500, _ => "1+1");
        Run(200, i => $"class Learner{i} {{ public int Steps {{ get; set; }} }}\nvar learner{i} = new Learner{i}();");
        process.Refresh();
        Assert.True(process.WorkingSet64 <= Allowed, $"{process.WorkingSet64} bytes after 700 cells.");
        Run(50, i => $"var more{i} = {i};");
        var request = new JsonObject { ["code"] = "mor", ["cursor_pos"] = 3 };
        Assert.Equal(50, client.Ask("complete_request", request).Content["matches"]!.AsArray().Count);
        var waits = Enumerable.Range(0, 9).Select(_ =>
        {
            var asked = Stopwatch.GetTimestamp();
            client.Ask("complete_request", request);
            return Stopwatch.GetElapsedTime(asked);
        });
        Assert.InRange(waits.Order().ElementAt(4), TimeSpan.Zero, TimeSpan.FromMilliseconds(100));

        void Run(int cells, Func<int, string> code)
        {
            for (var i = 0; i < cells; i++)
                Assert.Equal("ok", (string?)client.Run(code(i)).Reply.Content["status"]);
        }
    }

    private (Process Process, JupyterClient Client, Task<string> Errors) Start()
    {
        var file = JupyterClient.WriteFile(connection, folder["connection.json"]);
        var arguments = ThisProgram.AsKernel
            .Select(argument => argument.Replace("{connection_file}", file, StringComparison.Ordinal))
            .ToList();
        // The last is what "jupyter run file.cs" adds.
        var start = new ProcessStartInfo(arguments[0], [.. arguments.Skip(1), "file.cs"])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardError = true,
        };
        // The heap is limited to 768 MB: a cell that takes all memory it can get should not take all of this machine's.
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x30000000";
        start.Environment[ParentWatch.Variable] = parent.Id.ToString(CultureInfo.InvariantCulture);
        var started = Process.Start(start)!;
        var written = started.StandardError.ReadToEndAsync();
        var front = new JupyterClient(connection);
        front.WaitUntilReady();
        return (started, front, written);
    }

    private static bool IgnoresInterrupts()
    {
        const string Ignored = "SigIgn:";
        const long Interrupt = 1 << 1;
        return OperatingSystem.IsLinux()
            && File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Ignored, StringComparison.Ordinal)) is { } line
            && (long.Parse(line[Ignored.Length..].Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture) & Interrupt) != 0;
    }

    private void Signal(string name)
    {
        using var kill = Process.Start("kill", ["-" + name, process.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private void ShutDown(bool restart)
    {
        var id = client.Send(client.Control, "shutdown_request", new JsonObject { ["restart"] = restart });
        var reply = client.Reply(client.Control, id);
        Assert.Equal(("shutdown_reply", restart), (reply.Type, (bool)reply.Content["restart"]!));
        Assert.Equal(["busy", "idle"], client.UntilIdle(id).Select(message => (string?)message.Content["execution_state"]));
        ShouldEnd(0);
    }

    private void ShouldEnd(int? code)
    {
        Assert.True(process.WaitForExit(Patience), "The kernel still runs.");
        if (code is not null)
            Assert.True(process.ExitCode == code, $"{process.ExitCode}: {errors.Result}");
    }
}
