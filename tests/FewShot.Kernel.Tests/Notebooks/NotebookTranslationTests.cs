using System.Text;
using FewShot.Charts;
using FewShot.Kernel.Notebooks;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Notebooks;

public sealed class NotebookTranslationTests : IDisposable
{
    private static readonly NotebookTranslation Small = new(
        new Dictionary<string, TranslatedCell> { ["cell-0"] = new("0000000000000000", "# \u4e00") },
        new Dictionary<string, string> { ["not yet"] = "\u8fd8\u6ca1\u5b8c\u6210", ["not yet: no"] = "\u8fd8\u6ca1\u6709" });

    private const string Picture = "<img src=\"data:image/png;base64,Abfunction+/=\">";

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Should_ChangeProseAndTextsButNoName_When_CodeIsTranslated()
    {
        var translated = Small.OfCode(Parse("# One", "var notyet = $\"not yet: {1} not yet\"; // not yet"));
        Assert.Equal("# \u4e00", translated.Cells[0].Source);
        Assert.Equal("var notyet = $\"\u8fd8\u6ca1\u5b8c\u6210: {1} \u8fd8\u6ca1\u5b8c\u6210\"; // not yet", translated.Cells[1].Source);
    }

    [Fact]
    public void Should_TakeTheLongestPiece_When_OneStandsInAnother() =>
        Assert.Equal("\"\u8fd8\u6ca1\u6709\"", Small.OfCode(Parse("# One", "\"not yet: no\"")).Cells[1].Source);

    [Fact]
    public void Should_LeaveCodePicturesAndTheChartsScript_When_OutputsAreTranslated()
    {
        var notebook = Parse("# One", "\"not yet\"");
        var script = ChartHtml.Script();
        notebook.Cells[1].SetOutputs(
            [System.Text.Json.JsonSerializer.SerializeToNode(new
            {
                output_type = "display_data",
                data = new Dictionary<string, string> { ["text/html"] = $"<b>not yet</b>{script}{Picture}", ["image/png"] = "not yet" },
            })],
            1);
        var translation = Small with { Strings = new Dictionary<string, string> { ["not yet"] = "\u8fd8", ["function"] = "\u51fd\u6570" } };
        var translated = translation.OfOutputs(notebook).Cells[1];
        Assert.Equal("\"not yet\"", translated.Source);
        Assert.Equal($"<b>\u8fd8</b>{script}{Picture}", (string?)translated.Outputs[0]!["data"]!["text/html"]);
        Assert.Equal("not yet", (string?)translated.Outputs[0]!["data"]!["image/png"]);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("{\"cells\":[]}")]
    [InlineData("{\"cells\":{\"a\":{\"of\":1,\"text\":[\"x\"]}}}")]
    public void Should_NameTheFile_When_ATranslationIsDamaged(string json)
    {
        Directory.CreateDirectory(folder["zh"]);
        File.WriteAllText(folder["zh/00-a.json"], json);
        var error = Assert.Throws<FewShotException>(() => NotebookTranslation.Find(folder["00-a.ipynb"], "zh"));
        Assert.Contains("00-a.json is no translation", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_FindNothing_When_ThereIsNone() => Assert.Null(NotebookTranslation.Find(folder["00-a.ipynb"], "zh"));

    private static NotebookDocument Parse(params string[] cells) =>
        NotebookDocument.Parse(Encoding.UTF8.GetBytes(TestNotebook.Of(cells).ToJsonString()), "n.ipynb");
}
