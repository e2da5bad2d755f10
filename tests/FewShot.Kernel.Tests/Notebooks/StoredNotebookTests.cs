using System.Text;
using System.Text.Json.Nodes;
using FewShot.Kernel.Notebooks;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Notebooks;

public class StoredNotebookTests
{
    [Fact]
    public void Should_KeepOnlyTheStillPicture_When_OutputIsAChart()
    {
        var notebook = Executed("""{"text/html":["<script>x</script>"],"image/png":"AAAA","text/plain":["Chart"]}""");
        var data = Outputs(notebook)[0]!["data"]!.AsObject();
        Assert.Equal(["image/png", "text/plain"], data.Select(pair => pair.Key));
    }

    [Fact]
    public void Should_KeepHtml_When_ItNeedsNoScript()
    {
        var data = Outputs(Executed("""{"text/html":["<table></table>"],"text/plain":["t"]}"""))[0]!["data"]!.AsObject();
        Assert.Equal(["text/html", "text/plain"], data.Select(pair => pair.Key));
    }

    [Fact]
    public void Should_LeaveOneLine_When_PicturesAreAnothers()
    {
        var notebook = Executed("""{"image/png":"AAAA","text/plain":["grid"]}""").Tagged(0, StoredNotebook.ThirdPartyTag);
        notebook["cells"]![0]!["metadata"]![StoredNotebook.ThirdPartyData] = "CIFAR-10";
        Assert.Equal(
            """[{"name":"stdout","output_type":"stream","text":["Pictures of CIFAR-10 appear here when the notebook runs; they are not stored in the repository.\n"]}]""",
            Outputs(notebook).ToJsonString());
    }

    [Fact]
    public void Should_NameNotebookSizeAndCell_When_ItPassesOneMegabyte()
    {
        var notebook = Executed($$"""{"image/png":"{{new string('A', 1_200_000)}}"}""");
        var error = Assert.Throws<FewShotException>(() => StoredNotebook.ToBytes(Parse(notebook))).Message;
        Assert.StartsWith("n.ipynb would be 1.20 MB", error, StringComparison.Ordinal);
        Assert.Contains("cell 1 (id cell-0)", error, StringComparison.Ordinal);
    }

    private static JsonObject Executed(string data)
    {
        var notebook = TestNotebook.Of("1");
        notebook["cells"]![0]!["execution_count"] = 1;
        notebook["cells"]![0]!["outputs"] = new JsonArray(new JsonObject
        {
            ["data"] = JsonNode.Parse(data),
            ["metadata"] = new JsonObject(),
            ["output_type"] = "display_data",
        });
        return notebook;
    }

    private static NotebookDocument Parse(JsonObject notebook) =>
        NotebookDocument.Parse(Encoding.UTF8.GetBytes(notebook.ToJsonString()), "n.ipynb");

    private static JsonArray Outputs(JsonObject notebook) =>
        NotebookDocument.Parse(StoredNotebook.ToBytes(Parse(notebook)), "n.ipynb").Cells[0].Outputs;
}
