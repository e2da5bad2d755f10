using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Pages;

namespace FewShot.Kernel.Tests.Pages;

public sealed class PageTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("var x = \"a < b\"; // why & how\nreturn x;")]
    [InlineData("#r \"library.dll\"\nvar t = $\"\"\"\n  {1:F2}\n  \"\"\";\n/* two\nlines */ if (t is not null) { }")]
    [InlineData("not C# at all: ``` ~~ 'x")]
    public void Should_KeepEveryCharacter_When_CodeIsColoured(string code) =>
        Assert.Equal(code, WebUtility.HtmlDecode(Regex.Replace(CodeHtml.Render(code), "</?span[^>]*>", string.Empty)));

    [Fact]
    public void Should_MarkKeywordsAndTexts_When_CodeIsColoured() =>
        Assert.Equal("<span class=\"k\">return</span> <span class=\"s\">&quot;a&quot;</span>;", CodeHtml.Render("return \"a\";"));

    [Theory]
    [InlineData("[b](01-b.ipynb)", "href=\"01-b.html\"")]
    [InlineData("[b](01-b.ipynb#part)", "href=\"01-b.html#part\"")]
    [InlineData("[s](solutions/01-b.ipynb)", "href=\"../notebooks/solutions/01-b.ipynb\"")]
    [InlineData("[w](https://example.org/x)", "href=\"https://example.org/x\"")]
    [InlineData("<details><summary>s</summary></details>", "<details>")]
    [InlineData("| a |\n|---|\n| 1 |", "<td>1</td>")]
    public void Should_Render_When_CellIsMarkdown(string markdown, string html) =>
        Assert.Contains(html, Markdown().Render(markdown), StringComparison.Ordinal);

    [Fact]
    public void Should_CarryThePicture_When_ItLiesBesideTheNotebook()
    {
        Directory.CreateDirectory(folder["notebooks"]);
        File.WriteAllBytes(folder["notebooks/p.png"], [1, 2, 3]);
        Assert.Contains("src=\"data:image/png;base64,AQID\"", Markdown().Render("![p](p.png)"), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_EscapeText_When_OutputIsPlain()
    {
        var page = Render("""{"name":"stdout","output_type":"stream","text":["<script>\n"]}""");
        Assert.Contains("<pre class=\"text stdout\">&lt;script&gt;</pre>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"text/html":["<b>h</b>"],"image/png":"AAAA","text/plain":["t"]}""", "<div class=\"rich\"><b>h</b></div>")]
    [InlineData("""{"image/png":"AAAA","text/plain":["t"]}""", "<img alt=\"t\" src=\"data:image/png;base64,AAAA\">")]
    [InlineData("""{"text/markdown":["**m**"],"text/plain":["t"]}""", "<strong>m</strong>")]
    [InlineData("""{"text/plain":["a & b"]}""", "<pre class=\"text\">a &amp; b</pre>")]
    public void Should_ShowTheRichestForm_When_OutputHasSeveral(string data, string html) =>
        Assert.Contains(html, Render($$"""{"data":{{data}},"metadata":{},"output_type":"display_data"}"""), StringComparison.Ordinal);

    [Fact]
    public void Should_LeadToItsNeighbours_When_NotebookHasSome()
    {
        var page = Page.Notebook(Parse("# T"), Markdown(), new PageLink("00-a.html", "Before & after"), null);
        Assert.Contains(
            "<a href=\"00-a.html\">\u2190 Before &amp; after</a><a href=\"index.html\">Contents</a>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_AskForNothingElse_When_PageIsOpened() =>
        Assert.DoesNotMatch("(?:src|href)=\"(?:https?:)?//|@import|url\\(", Page.Notebook(Parse("# T"), Markdown(), null, null));

    [Fact]
    public void Should_ShowTheSourceAndAskForNothing_When_OutputIsADiagram()
    {
        const string Source = "graph TD\n  A --> B";
        var data = new System.Text.Json.Nodes.JsonObject();
        foreach (var (type, text) in FewShot.Kernel.Cells.TextForms.Of("#!mermaid", Source))
            data[type] = text;
        var page = Render($$"""{"data":{{data.ToJsonString()}},"metadata":{},"output_type":"display_data"}""");
        Assert.Contains("<pre><code class=\"language-mermaid\">graph TD\n  A --&gt; B\n</code></pre>", page, StringComparison.Ordinal);
        Assert.DoesNotMatch("<script|(?:src|href)=\"(?:https?:)?//", page);
    }

    private static NotebookDocument Parse(params string[] cells) =>
        NotebookDocument.Parse(Encoding.UTF8.GetBytes(TestNotebook.Of(cells).ToJsonString()), "n.ipynb");

    private MarkdownHtml Markdown() => new(
        folder["notebooks"],
        folder["course"],
        new Dictionary<string, string> { [folder["notebooks/01-b.ipynb"]] = folder["course/01-b.html"] });

    private string Render(string output)
    {
        var notebook = TestNotebook.Of("1");
        notebook["cells"]![0]!["outputs"] = new System.Text.Json.Nodes.JsonArray(System.Text.Json.Nodes.JsonNode.Parse(output));
        return Page.Notebook(NotebookDocument.Parse(Encoding.UTF8.GetBytes(notebook.ToJsonString()), "n.ipynb"), Markdown(), null, null);
    }
}
