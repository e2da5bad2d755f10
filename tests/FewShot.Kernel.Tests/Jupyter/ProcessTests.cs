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
    private readonly Process process;
    private readonly JupyterClient client;
    private readonly Task<string> errors;

    public ProcessTests()
    {
        var connection = JupyterClient.NewConnection();
        var file = JupyterClient.WriteFile(connection, folder["connection.json"]);
        var arguments = KernelSpec.ThisProgram().Select(argument => argument.Replace("{connection_file}", file, StringComparison.Ordinal)).ToList();
        var start = new ProcessStartInfo(arguments[0], arguments.Skip(1)) { WorkingDirectory = folder.Path, RedirectStandardError = true };
        start.Environment["DOTNET_GCHeapHardLimit"] = "0x30000000"; // 768 MB: a cell that takes all there is should not take this machine's.
        start.Environment[ParentWatch.Variable] = parent.Id.ToString(CultureInfo.InvariantCulture);
        process = Process.Start(start)!;
        errors = process.StandardError.ReadToEndAsync();
        client = new JupyterClient(connection);
        client.WaitUntilReady();
    }

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
        Assert.Equal("beside the notebook", (string?)outputs.Single(message => message.Type == "execute_result").Content["data"]!["text/plain"]);
        var id = client.Send(client.Control, "shutdown_request", new JsonObject { ["restart"] = true });
        var reply = client.Reply(client.Control, id);
        Assert.Equal(("shutdown_reply", true), (reply.Type, (bool)reply.Content["restart"]!));
        ShouldEnd(0);
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
    public void Should_ExplainTheEnd_When_ACellCallsExit()
    {
        var reply = client.Reply(client.Shell, client.Execute("Environment.Exit(3);"));
        Assert.Contains("Environment.Exit", (string?)reply.Content["evalue"], StringComparison.Ordinal);
        ShouldEnd(3);
    }

    [Fact]
    public void Should_ExplainTheEnd_When_AThreadOfTheCellThrows()
    {
        var reply = client.Reply(client.Shell, client.Execute("new System.Threading.Thread(() => throw new Exception(\"far away\")).Start(); await Task.Delay(20_000);"));
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

    private void ShouldEnd(int? code)
    {
        Assert.True(process.WaitForExit(Patience), "The kernel still runs.");
        if (code is not null)
            Assert.True(process.ExitCode == code, $"{process.ExitCode}: {errors.Result}");
    }
}
