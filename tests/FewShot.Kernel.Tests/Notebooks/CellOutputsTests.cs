using System.Text.Json.Nodes;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Notebooks;

namespace FewShot.Kernel.Tests.Notebooks;

public class CellOutputsTests
{
    private readonly DisplayIndex displays = new();

    [Fact]
    public void Should_MergeText_When_TheSameStreamGoesOn() =>
        AssertJson(
            """[{"name":"stdout","output_type":"stream","text":["ab\n","c"]},{"name":"stderr","output_type":"stream","text":["d"]}]""",
            Collect(new StreamOutput(false, "a"), new StreamOutput(false, "b\nc"), new StreamOutput(true, "d")));

    [Fact]
    public void Should_WriteNbformat_When_ValueIsShown() =>
        AssertJson(
            """[{"data":{"image/png":"AAAA","text/plain":["a\n","b"]},"execution_count":7,"metadata":{},"output_type":"execute_result"}]""",
            Collect(new ResultOutput(new Dictionary<string, string> { ["text/plain"] = "a\nb", ["image/png"] = "AAAA" })));

    [Fact]
    public void Should_WriteNbformat_When_CellFails() =>
        AssertJson("""[{"ename":"E","evalue":"m","output_type":"error","traceback":["E: m","   at cell 7, line 1"]}]""",
            Collect(new ErrorOutput("E", "m", ["E: m", "   at cell 7, line 1"])));

    [Fact]
    public void Should_ReplaceEarlierDisplay_When_AnotherCellUpdatesIt()
    {
        var first = new CellOutputs(1, displays);
        var second = new CellOutputs(2, displays);
        first.Add(new DisplayOutput(Text("before"), "d1"));
        second.Add(new DisplayOutput(Text("after"), "d1", IsUpdate: true));
        AssertJson("""[{"data":{"text/plain":["after"]},"metadata":{},"output_type":"display_data"}]""", first.ToJson());
        AssertJson("[]", second.ToJson());
    }

    [Fact]
    public void Should_SayThatTextIsLeftOut_When_CellPrintsTooMuch()
    {
        var outputs = new CellOutputs(1, displays);
        for (var i = 0; i < 1000; i++)
            outputs.Add(new StreamOutput(false, new string('x', 1000) + "\n"));
        var text = string.Concat(outputs.ToJson().Single()!["text"]!.AsArray().Select(line => line!.ToString()));
        Assert.EndsWith("[The text of this cell passes 200,000 characters: the rest is left out.]\n", text, StringComparison.Ordinal);
        Assert.InRange(text.Length, CellOutputs.TextLimit, CellOutputs.TextLimit + 5000);
    }

    [Fact]
    public void Should_KeepOneLine_When_ProgressIsRewrittenForLong()
    {
        var outputs = new CellOutputs(1, displays);
        for (var i = 0; i < 100_000; i++)
            outputs.Add(new StreamOutput(false, "\rstep of a long loop"));
        AssertJson("""[{"name":"stdout","output_type":"stream","text":["step of a long loop"]}]""", outputs.ToJson());
    }

    [Fact]
    public void Should_SayThatDataIsLeftOut_When_DisplayIsTooLarge() =>
        AssertJson(
            """[{"data":{"text/plain":["[An output of 21.0 MB is left out: a cell keeps at most 20 MB.]"]},"metadata":{},"output_type":"display_data"}]""",
            Collect(new DisplayOutput(Text(new string('x', 21_000_000)), "d1")));

    private static Dictionary<string, string> Text(string text) => new() { ["text/plain"] = text };

    private static void AssertJson(string expected, JsonArray actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual.ToJsonString());

    private JsonArray Collect(params CellOutput[] shown)
    {
        var outputs = new CellOutputs(7, displays);
        foreach (var output in shown)
            outputs.Add(output);
        return outputs.ToJson();
    }
}
