using System.Text.Json.Nodes;

namespace FewShot.Kernel.Tests.Jupyter;

public sealed class RequestTests(KernelFixture fixture) : IClassFixture<KernelFixture>
{
    private JupyterClient Client => fixture.Client;

    [Fact]
    public void Should_SayWhatItIs_When_AskedForKernelInfo()
    {
        var info = Client.Ask("kernel_info_request", []).Content;
        var language = info["language_info"]!;
        Assert.Equal(
            ("ok", "5.4", "C#", ".cs"),
            ((string?)info["status"], (string?)info["protocol_version"], (string?)language["name"], (string?)language["file_extension"]));
    }

    [Theory]
    [InlineData("1 + 1", "complete")]
    [InlineData("foreach (var i in new[] { 1 })\n{", "incomplete")]
    [InlineData("var x = ) + ;", "invalid")]
    [InlineData("Console.WriteLine(", "incomplete")]
    [InlineData("#!markdown\n# A title (", "complete")]
    [InlineData("#!time\n1 + 1", "complete")]
    [InlineData("#!html\n<b>\n#!csharp\nforeach (var i in all) {", "incomplete")]
    [InlineData("using var file = new MemoryStream();", "complete")]
    [InlineData("using var file = new MemoryStream(", "incomplete")]
    [InlineData("namespace Some;\nclass Thing { }", "complete")]
    [InlineData("var x = 1;\n#r \"nuget: Some.Package\"\n#i \"nuget: https://some.where\"", "complete")]
    [InlineData("#!fsharp", "incomplete")]
    [InlineData("#!fsharp\nlet twice n =", "incomplete")]
    [InlineData("#!fsharp\nlet twice n =\n    2 * n", "incomplete")]
    [InlineData("#!fsharp\nlet twice n =\n    2 * n\n", "complete")]
    [InlineData("var x = 1;\n#!fsharp\n[1; 2] |> List.map (fun n -> n)", "complete")]
    [InlineData("#!fsharp\nlet x = 'a\n#!csharp\nvar y = 1;", "complete")]
    public void Should_SayWhetherCodeIsComplete_When_Asked(string code, string status)
    {
        var answer = Client.Ask("is_complete_request", new JsonObject { ["code"] = code }).Content;
        Assert.Equal(status, (string?)answer["status"]);
        if (code.EndsWith('{'))
            Assert.Equal("    ", (string?)answer["indent"]);
    }

    [Theory]
    [InlineData("\"text\".Subst|", "Substring", 7)]
    [InlineData("Math.Sq|", "Sqrt", 5)]
    [InlineData("var a = new List<int>(); a.Whe|", "Where", 27)]
    [InlineData("using System.Text.Jso|", "Json", 18)]
    [InlineData("ret|", "return", 0)]
    [InlineData("var numbers = 1; numb|", "numbers", 17)]
    [InlineData("\"\U0001F600\".Leng|", "Length", 4)]
    public void Should_Complete_When_AWordHasBegun(string marked, string expected, int start)
    {
        var (code, cursor) = At(marked);
        var answer = Client.Ask("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = cursor }).Content;
        Assert.Contains(expected, answer["matches"]!.AsArray().Select(match => (string?)match));
        Assert.Equal((start, cursor), ((int)answer["cursor_start"]!, (int)answer["cursor_end"]!));
    }

    [Fact]
    public void Should_CompleteVariablesOfEarlierCells_When_AWordHasBegun()
    {
        Client.Run("var shotsPerClass = 5; record Learner(int Steps) { public int InnerSteps() => Steps; } var learner = new Learner(3);");
        Assert.Contains("shotsPerClass", Matches("shotsP|"));
        Assert.Contains("InnerSteps", Matches("learner.Inn|"));
        Assert.DoesNotContain("ToUpper", Matches("learner.|"));
    }

    [Theory]
    [InlineData("\"some text.Subst|\"")]
    [InlineData("// a comment.To|")]
    [InlineData("nowhere.To|")]
    public void Should_OfferNothing_When_NoWordCanBeMeant(string marked) => Assert.Empty(Matches(marked));

    [Theory]
    [InlineData("Math.Sq|rt(2)", "double Math.Sqrt(double d)")]
    [InlineData("var numbers = new List<int>(); numb|ers.Count", "List<int> numbers")]
    [InlineData("Math.Max(1, |", "Math.Max")]
    public void Should_ShowTheDeclaration_When_Inspected(string marked, string expected)
    {
        var (code, cursor) = At(marked);
        var request = new JsonObject { ["code"] = code, ["cursor_pos"] = cursor, ["detail_level"] = 0 };
        var answer = Client.Ask("inspect_request", request).Content;
        Assert.True((bool)answer["found"]!);
        Assert.Contains(expected, (string?)answer["data"]!["text/plain"], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ShowTheDocumentation_When_TheCoursesLibraryIsInspected()
    {
        var (code, cursor) = At("FewShot.Data.Subset.Dra|w(null, 1, 0)");
        var answer = Client.Ask("inspect_request", new JsonObject { ["code"] = code, ["cursor_pos"] = cursor }).Content;
        var text = (string?)answer["data"]!["text/markdown"];
        Assert.Contains("each choice equally likely", text, StringComparison.Ordinal);
        Assert.Contains("Throws FewShotException: A class has fewer.", text, StringComparison.Ordinal);
    }

    [Fact(Explicit = true)]
    public void Should_CompleteNamesOfEarlierCells_When_TheCellIsFSharp()
    {
        Client.Run("#!fsharp\nlet shotsPerTask = 5");
        Assert.Contains("shotsPerTask", Matches("#!fsharp\nshotsPer|"));
        Assert.Contains("Abs", Matches("var c = 1;\n#!fsharp\nlet x = System.Math.Ab|"));
    }

    [Fact]
    public void Should_FindNothing_When_FSharpIsInspected()
    {
        var (code, cursor) = At("#!fsharp\nMath.Sq|rt(2)");
        var answer = Client.Ask("inspect_request", new JsonObject { ["code"] = code, ["cursor_pos"] = cursor }).Content;
        Assert.Equal(("ok", false), ((string?)answer["status"], (bool)answer["found"]!));
    }

    [Fact]
    public void Should_CompleteCSharp_When_FSharpStandsAboveIt() =>
        Assert.Contains("Sqrt", Matches("#!fsharp\nlet x = 'a\n#!csharp\nMath.Sq|"));

    [Fact]
    public void Should_FindNothing_When_NothingStandsThere()
    {
        var answer = Client.Ask("inspect_request", new JsonObject { ["code"] = "   ", ["cursor_pos"] = 1 }).Content;
        Assert.Equal(("ok", false), ((string?)answer["status"], (bool)answer["found"]!));
    }

    [Fact]
    public void Should_TellEarlierCells_When_AskedForHistory()
    {
        Client.Run("\"first of the history\"");
        Client.Run("var second = 2;");
        var tail = History(new JsonObject { ["hist_access_type"] = "tail", ["n"] = 2, ["output"] = true, ["raw"] = true });
        Assert.Equal("first of the history", (string?)tail[0]![2]![1]);
        Assert.Equal("var second = 2;", (string?)tail[1]![2]![0]);
        var line = (int)tail[1]![1]!;
        var range = History(new JsonObject
        {
            ["hist_access_type"] = "range",
            ["session"] = 0,
            ["start"] = line,
            ["stop"] = line + 1,
            ["output"] = false,
            ["raw"] = true,
        });
        Assert.Equal("var second = 2;", (string?)Assert.Single(range)![2]);
        var search = History(new JsonObject
        {
            ["hist_access_type"] = "search",
            ["pattern"] = "*second*",
            ["output"] = false,
            ["raw"] = true,
            ["n"] = 1,
        });
        Assert.Equal("var second = 2;", (string?)Assert.Single(search)![2]);

        JsonArray History(JsonObject request) => Client.Ask("history_request", request).Content["history"]!.AsArray();
    }

    [Theory]
    [InlineData("")]
    [InlineData("kernel.stream")]
    public void Should_BeWelcome_When_SomebodyBeginsToListen(string topic)
    {
        var welcome = Client.Listen(topic);
        Assert.Equal(
            ("iopub_welcome", topic, 0), (welcome.Type, (string?)welcome.Content["subscription"], welcome.Parent.Count));
    }

    [Fact]
    public void Should_HaveNoComms_When_Asked() =>
        Assert.Empty(Client.Ask("comm_info_request", []).Content["comms"]!.AsObject());

    [Fact]
    public void Should_CloseTheComm_When_ItsTargetIsUnknown()
    {
        var content = new JsonObject { ["comm_id"] = "c1", ["target_name"] = "jupyter.widget", ["data"] = new JsonObject() };
        var id = Client.Send(Client.Shell, "comm_open", content);
        Assert.Equal("c1", (string?)Assert.Single(Client.UntilIdle(id), message => message.Type == "comm_close").Content["comm_id"]);
    }

    [Theory]
    [InlineData("comm_msg")]
    [InlineData("comm_close")]
    [InlineData("dream_request")]
    public void Should_BeBusyAndIdleAndStay_When_AMessageHasNoAnswer(string type)
    {
        var id = Client.Send(Client.Shell, type, new JsonObject { ["comm_id"] = "c1", ["data"] = new JsonObject() });
        Assert.Equal(2, Client.UntilIdle(id).Count);
    }

    [Theory]
    [InlineData("kernel_info_request", "{}", false)]
    [InlineData("execute_request", "{\"code\": \"1\"}", false)]
    [InlineData("execute_request", "{\"code\": \"nowhere\"}", false)]
    [InlineData("execute_request", "{\"code\": 5}", false)]
    [InlineData("is_complete_request", "{\"code\": \"1\"}", false)]
    [InlineData("complete_request", "{\"code\": \"Mat\", \"cursor_pos\": 3}", false)]
    [InlineData("inspect_request", "{\"code\": \"Math\", \"cursor_pos\": 3}", false)]
    [InlineData("history_request", "{\"hist_access_type\": \"tail\", \"n\": 1}", false)]
    [InlineData("comm_info_request", "{}", false)]
    [InlineData("kernel_info_request", "{}", true)]
    [InlineData("interrupt_request", "{}", true)]
    public void Should_BeBusyThenIdleAndNameTheRequest_When_ItAnswers(string type, string content, bool onControl)
    {
        var frames = Client.Frames(type, (JsonObject)JsonNode.Parse(content)!, out var id);
        JupyterClient.Send(onControl ? Client.Control : Client.Shell, frames);
        var reply = Client.Reply(onControl ? Client.Control : Client.Shell, id);
        var published = Client.UntilIdle(id);
        Assert.Equal(type.Replace("_request", "_reply", StringComparison.Ordinal), reply.Type);
        Assert.Equal(("status", "busy"), (published[0].Type, (string?)published[0].Content["execution_state"]));
        Assert.Single(published, message => message.Type == "status" && (string?)message.Content["execution_state"] == "busy");
        // The whole header, as it was sent: front ends look for more of it than the number.
        var header = JsonNode.Parse(frames[2]);
        Assert.All([reply, .. published], message =>
            Assert.True(JsonNode.DeepEquals(header, message.Parent), message.Parent.ToJsonString()));
    }

    [Theory]
    [InlineData("execute_request", "{}", "code")]
    [InlineData("execute_request", "{\"code\": 5}", "code")]
    [InlineData("execute_request", "{\"code\": \"1\", \"silent\": \"yes\"}", "silent")]
    [InlineData("execute_request", "{\"code\": \"1\", \"user_expressions\": [1]}", "user_expressions")]
    [InlineData("complete_request", "{\"code\": \"1\", \"cursor_pos\": 1e99}", "cursor_pos")]
    [InlineData("inspect_request", "{\"cursor_pos\": 1}", "code")]
    [InlineData("is_complete_request", "{}", "code")]
    [InlineData("history_request", "{\"hist_access_type\": \"all\"}", "hist_access_type")]
    public void Should_NameTheField_When_ARequestIsNotAsItMustBe(string type, string content, string field)
    {
        var reply = Client.Ask(type, (JsonObject)JsonNode.Parse(content)!);
        Assert.Equal("error", (string?)reply.Content["status"]);
        Assert.Contains(field, (string?)reply.Content["evalue"], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Echo_When_TheHeartBeats() => Assert.Equal([1, 2, 3], Client.Beat([1, 2, 3]));

    private IEnumerable<string?> Matches(string marked)
    {
        var (code, cursor) = At(marked);
        var answer = Client.Ask("complete_request", new JsonObject { ["code"] = code, ["cursor_pos"] = cursor }).Content;
        return answer["matches"]!.AsArray().Select(match => (string?)match);
    }

    /// <summary>The code without its mark, and the mark's place in code points.</summary>
    private static (string Code, int Cursor) At(string marked)
    {
        var at = marked.IndexOf('|', StringComparison.Ordinal);
        return (marked.Remove(at, 1), marked[..at].EnumerateRunes().Count());
    }
}
