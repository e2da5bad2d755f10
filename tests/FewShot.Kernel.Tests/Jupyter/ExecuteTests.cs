using System.Diagnostics;
using System.Text.Json.Nodes;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class ExecuteTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private JupyterClient Client => fixture.Client;

    [Fact]
    public void Should_TellEveryStepInOrder_When_ACellRuns()
    {
        var (reply, outputs) = Client.Run("Console.Write(\"a\");\n1 + 1");
        Assert.Equal(["status", "execute_input", "stream", "execute_result", "status"], outputs.Select(message => message.Type));
        Assert.Equal("busy", (string?)outputs[0].Content["execution_state"]);
        Assert.Equal("2", (string?)outputs[3].Content["data"]!["text/plain"]);
        Assert.Equal(("execute_reply", "ok"), (reply.Type, (string?)reply.Content["status"]));
        Assert.Equal((int)reply.Content["execution_count"]!, (int)outputs[1].Content["execution_count"]!);
        Assert.Equal((int)reply.Content["execution_count"]!, (int)outputs[3].Content["execution_count"]!);
        Assert.Equal("tester", (string?)reply.Parent["username"]);
        Assert.Equal("5.4", (string?)reply.Header["version"]);
    }

    [Fact]
    public void Should_KeepVariables_When_AnotherCellRuns()
    {
        Client.Run("var kept = 20;");
        Assert.Equal("22", Value("kept + 2"));
    }

    [Fact]
    public void Should_ReportCompileErrorWithSquiggle_When_CellDoesNotCompile()
    {
        var (reply, outputs) = Client.Run("int wrong = nowhere;");
        var error = Assert.Single(outputs, message => message.Type == "error");
        Assert.Equal("Compilation error", (string?)error.Content["ename"]);
        Assert.Contains("~~~~~~~", error.Content["traceback"]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal("error", (string?)reply.Content["status"]);
    }

    [Fact]
    public void Should_ReportTheCellsLine_When_ItThrows()
    {
        var (reply, _) = Client.Run("\nthrow new InvalidOperationException(\"no\");");
        Assert.Equal("System.InvalidOperationException", (string?)reply.Content["ename"]);
        Assert.Equal("no", (string?)reply.Content["evalue"]);
        Assert.Matches("at cell \\d+, line 2", (string?)reply.Content["traceback"]![1] ?? string.Empty);
    }

    [Fact]
    public void Should_PublishWhileTheCellRuns_When_ItPrints()
    {
        var watch = Stopwatch.StartNew();
        var id = Client.Execute("Console.WriteLine(\"early\"); await Task.Delay(1500); Console.Error.Write(\"late\");");
        Client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        var early = watch.Elapsed;
        Client.Reply(Client.Shell, id);
        Assert.True(watch.Elapsed - early > TimeSpan.FromSeconds(1));
        Assert.Equal("late", JupyterClient.Text(Client.UntilIdle(id), "stderr"));
    }

    [Fact]
    public void Should_SendFewMessages_When_ACellWritesManyPieces()
    {
        var (_, outputs) = Client.Run("for (var i = 0; i < 20_000; i++) Console.Write('x');");
        Assert.Equal(new string('x', 20_000), JupyterClient.Text(outputs));
        Assert.InRange(outputs.Count, 4, 500);
    }

    [Fact]
    public void Should_LeaveOutTheRestAndGoOn_When_ACellPrints100Megabytes()
    {
        var (reply, outputs) = Client.Run("var line = new string('y', 999);\nfor (var i = 0; i < 100_000; i++) Console.WriteLine(line);");
        var text = JupyterClient.Text(outputs);
        Assert.InRange(text.Length, 10_000_000, 10_000_200);
        Assert.Contains("the rest is left out", text[^200..], StringComparison.Ordinal);
        Assert.Equal("ok", (string?)reply.Content["status"]);
        Assert.Equal("3", Value("1 + 2"));
    }

    [Fact]
    public void Should_KeepEveryCharacter_When_TextIsNoValidUnicode()
    {
        var (reply, outputs) = Client.Run("Console.Write(\"a\\ud800b\\U0001F600\");");
        Assert.Equal("a\ufffdb\U0001F600", JupyterClient.Text(outputs));
        Assert.Equal("ok", (string?)reply.Content["status"]);
    }

    [Fact]
    public void Should_UpdateInPlace_When_AHandleIsUpdated()
    {
        var (_, outputs) = Client.Run("var handle = display(\"before\"); handle.Update(\"after\");");
        var shown = Assert.Single(outputs, message => message.Type == "display_data");
        var update = Assert.Single(outputs, message => message.Type == "update_display_data");
        Assert.Equal((string?)shown.Content["transient"]!["display_id"], (string?)update.Content["transient"]!["display_id"]);
        Assert.Equal("after", (string?)update.Content["data"]!["text/plain"]);
    }

    [Fact]
    public void Should_ShowHtml_When_TheValueIsHtml()
    {
        var (_, outputs) = Client.Run("HTML(\"<b>bold</b>\")");
        var result = Assert.Single(outputs, message => message.Type == "execute_result");
        Assert.Equal("<b>bold</b>", (string?)result.Content["data"]!["text/html"]);
    }

    [Fact]
    public void Should_ClearTheOutput_When_ACellAsksForIt()
    {
        var (_, outputs) = Client.Run("Console.Write(1); ClearOutput(wait: true); Console.Write(2);");
        Assert.Equal(
            ["stream", "clear_output", "stream"],
            outputs.Select(message => message.Type).Where(type => type is "stream" or "clear_output"));
        Assert.True((bool)outputs.Single(message => message.Type == "clear_output").Content["wait"]!);
    }

    [Fact]
    public void Should_MoveABar_When_ALongLoopReports()
    {
        var (_, outputs) = Client.Run("""
            using FewShot.Runtime;
            for (var i = 0; i <= 10; i++) { ProgressSink.Current.Report(new StepProgress("walking", i, 10)); await Task.Delay(60); }
            """);
        Assert.Single(outputs, message => message.Type == "display_data");
        var updates = outputs.Where(message => message.Type == "update_display_data")
            .Select(message => (string?)message.Content["data"]!["text/html"] ?? string.Empty)
            .ToList();
        Assert.True(updates.Count > 1);
        Assert.Contains("value=\"10\" max=\"10\"", updates[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepToOneBar_When_AnActivityBeginsAgain()
    {
        var (_, outputs) = Client.Run("""
            using FewShot.Runtime;
            for (var i = 0; i <= 9; i++) { ProgressSink.Current.Report(new StepProgress("again", i % 5, 4)); await Task.Delay(60); }
            """);
        Assert.Single(outputs, message => message.Type == "display_data");
    }

    [Theory]
    [InlineData(10, "", "value=\"1\" max=\"1\"")]
    [InlineData(0, "", "value=\"1\" max=\"1\"")]
    [InlineData(10, "throw new Exception();", "value=\"4\" max=\"10\"")]
    [InlineData(0, "throw new Exception();", "value=\"0\" max=\"1\"")]
    [InlineData(10, "Console.WriteLine(\"in\"); while (true) { }", "value=\"4\" max=\"10\"")]
    [InlineData(0, "Console.WriteLine(\"in\"); while (true) { }", "value=\"0\" max=\"1\"")]
    public void Should_LeaveNoBarTurning_When_TheCellEnds(int total, string end, string last)
    {
        var id = Client.Execute($$"""
            using FewShot.Runtime;
            for (var i = 0; i <= 4; i++) { ProgressSink.Current.Report(new StepProgress("part", i, {{total}})); await Task.Delay(60); }
            {{end}}
            """);
        if (end.Contains("in", StringComparison.Ordinal))
        {
            Client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
            Client.Send(Client.Control, "interrupt_request", []);
        }

        Client.Reply(Client.Shell, id);
        var update = Client.UntilIdle(id).Last(message => message.Type == "update_display_data");
        Assert.Contains(last, (string?)update.Content["data"]!["text/html"], StringComparison.Ordinal);
        Assert.Contains("part: 4", (string?)update.Content["data"]!["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ShowNothing_When_Silent()
    {
        var before = (int)Client.Run("0").Reply.Content["execution_count"]!;
        var (reply, outputs) = Client.Run("Console.Write(\"q\"); display(1); 5", new JsonObject { ["silent"] = true });
        Assert.Equal(["status", "status"], outputs.Select(message => message.Type));
        Assert.Equal(before, (int)reply.Content["execution_count"]!);
        Assert.Equal(before + 1, (int)Client.Run("0").Reply.Content["execution_count"]!);
    }

    [Theory]
    [InlineData("store_history", false)]
    [InlineData("silent", true)]
    public void Should_NeitherCountNorRemember_When_TheCellIsNotToBeStored(string field, bool value)
    {
        var before = (int)Client.Run("0").Reply.Content["execution_count"]!;
        var code = $"\"not stored: {field}\"";
        Assert.Equal("ok", (string?)Client.Run(code, new JsonObject { [field] = value }).Reply.Content["status"]);
        var tail = new JsonObject { ["hist_access_type"] = "tail", ["n"] = 1, ["raw"] = true, ["output"] = false };
        var history = Client.Ask("history_request", tail);
        Assert.Equal("0", (string?)Assert.Single(history.Content["history"]!.AsArray())![2]);
        Assert.Equal(before + 1, (int)Client.Run("0").Reply.Content["execution_count"]!);
    }

    [Fact]
    public void Should_ShowTheValue_When_TheCellIsShownButNotStored()
    {
        var (_, outputs) = Client.Run("7 * 6", new JsonObject { ["store_history"] = false });
        Assert.Equal("42", (string?)Assert.Single(outputs, message => message.Type == "execute_result").Content["data"]!["text/plain"]);
    }

    [Fact]
    public void Should_SendThePicture_When_ItsBytesAreShown()
    {
        const string Dot = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
        var (_, outputs) = Client.Run($"\"{Dot}\".DisplayAs(\"image/png\");");
        Assert.Equal(Dot, (string?)Assert.Single(outputs, message => message.Type == "display_data").Content["data"]!["image/png"]);
    }

    [Fact]
    public void Should_EvaluateExpressions_When_TheRequestHasSome()
    {
        var more = new JsonObject { ["user_expressions"] = new JsonObject { ["good"] = "six * 7", ["bad"] = "nowhere" } };
        var values = Client.Run("var six = 6;", more).Reply.Content["user_expressions"]!;
        Assert.Equal(("ok", "42"), ((string?)values["good"]!["status"], (string?)values["good"]!["data"]!["text/plain"]));
        Assert.Equal(("error", "Compilation error"), ((string?)values["bad"]!["status"], (string?)values["bad"]!["ename"]));
    }

    [Theory]
    [InlineData(true, "aborted")]
    [InlineData(false, "ok")]
    public void Should_DropOrRunWhatWaits_When_ACellFails(bool stopOnError, string status)
    {
        var failing = Client.Execute(
            "await Task.Delay(700); throw new Exception();", more: new JsonObject { ["stop_on_error"] = stopOnError });
        var waiting = Client.Execute("1");
        Assert.Equal("error", (string?)Client.Reply(Client.Shell, failing).Content["status"]);
        var dropped = Client.Reply(Client.Shell, waiting);
        Assert.Equal(status, (string?)dropped.Content["status"]);
        // A front end would write the number beside a cell that has not run.
        Assert.Equal(stopOnError, !dropped.Content.ContainsKey("execution_count"));
        Assert.Equal("3", Value("3"));
    }

    [Fact]
    public void Should_AskThePerson_When_ACellReadsALine()
    {
        var id = Client.Execute(
            "var name = Console.ReadLine(); var secret = GetPassword(\"Key: \"); $\"{name}, {secret}\"", allowStdin: true);
        var first = Client.Question();
        Assert.Equal((id, false), (first.ParentId, (bool)first.Content["password"]!));
        Client.Send(Client.Stdin, "input_reply", new JsonObject { ["value"] = "Ada" }, first.Header.DeepClone().AsObject());
        var second = Client.Question();
        Assert.Equal(("Key: ", true), ((string?)second.Content["prompt"], (bool)second.Content["password"]!));
        Client.Send(Client.Stdin, "input_reply", new JsonObject { ["value"] = "s3" });
        Client.Reply(Client.Shell, id);
        var result = Assert.Single(Client.UntilIdle(id), message => message.Type == "execute_result");
        Assert.Equal("Ada, s3", (string?)result.Content["data"]!["text/plain"]);
    }

    [Fact]
    public void Should_SaySo_When_InputIsNotAllowed()
    {
        var (reply, _) = Client.Run("Console.ReadLine()");
        Assert.Equal("error", (string?)reply.Content["status"]);
        Assert.Contains("does not allow it", (string?)reply.Content["evalue"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("while (true) spins++;")]
    [InlineData("while (true) Console.WriteLine(spins++);")]
    [InlineData("await Task.Delay(-1);")]
    [InlineData("System.Threading.Thread.Sleep(-1);")]
    public void Should_StopWithinASecondAndStayUsable_When_Interrupted(string loop)
    {
        Client.Run("long spins = 0;");
        var id = Client.Execute("Console.WriteLine(\"in\");\n" + loop);
        Client.UntilPublished(message => message.ParentId == id && message.Type == "stream");
        Assert.Equal([7], Client.Beat([7]));
        var watch = Stopwatch.StartNew();
        var interrupt = Client.Send(Client.Control, "interrupt_request", []);
        Assert.Equal("interrupt_reply", Client.Reply(Client.Control, interrupt).Type);
        Assert.Equal("error", (string?)Client.Reply(Client.Shell, id).Content["status"]);
        // On an idle machine this takes a second at most.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        Client.UntilIdle(id);
        Assert.Equal("True", Value("spins >= 0"));
    }

    [Fact]
    public void Should_StopAQuestion_When_InterruptedWhileItWaits()
    {
        var id = Client.Execute("Console.ReadLine()", allowStdin: true);
        _ = Client.Question();
        Client.Reply(Client.Control, Client.Send(Client.Control, "interrupt_request", []));
        Assert.Equal("error", (string?)Client.Reply(Client.Shell, id).Content["status"]);
        Assert.Equal("4", Value("2 + 2"));
    }

    private string? Value(string code)
    {
        var (_, outputs) = Client.Run(code);
        return (string?)Assert.Single(outputs, message => message.Type == "execute_result").Content["data"]!["text/plain"];
    }
}
