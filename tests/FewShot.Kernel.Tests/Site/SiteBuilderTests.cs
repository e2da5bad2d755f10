using System.Text;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Site;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Site;

public sealed class SiteBuilderTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Should_ListAimsNeedsAndWaysOn_When_TheSiteIsRead()
    {
        await BuildAsync();
        var contents = Page("index.html");
        Assert.Contains("<a href=\"00-a.html\">00 &#183; First</a>", contents, StringComparison.Ordinal);
        Assert.Contains("<p>To count.</p>", contents, StringComparison.Ordinal);
        Assert.Contains("</strong> A minute.", contents, StringComparison.Ordinal);
        Assert.Contains("<a href=\"01-b.html\">01 &#183; Second \u2192</a>", Page("00-a.html"), StringComparison.Ordinal);
        Assert.Contains("<a href=\"#how\">How?</a>", Page("00-a.html"), StringComparison.Ordinal);
        Assert.Contains("<a href=\"../00-a.html\">", Page("solutions/00-a.html"), StringComparison.Ordinal);
        Assert.True(File.Exists(folder["site/notebooks/00-a.ipynb"]));
    }

    [Fact]
    public async Task Should_LeadToThePage_When_ATextNamesANotebook()
    {
        await BuildAsync();
        Assert.Contains("<a href=\"../01-b.html\">", Page("teaching/plans.html"), StringComparison.Ordinal);
        Assert.Contains("<a href=\"01-b.html\">", Page("glossary.html"), StringComparison.Ordinal);
        // What lies outside the site keeps its words and loses its link.
        Assert.Contains("see code here", Page("teaching/plans.html"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_HaveASlideForEachHeading_When_SlidesAreMade()
    {
        await BuildAsync();
        var slides = Page("slides/00-a.html");
        Assert.Equal(2, slides.Split("<section class=\"slide").Length - 1);
        Assert.Contains("<h2>How?</h2>\n<div class=\"words\"><p>By one.</p>", slides, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_ShowWhatCellsGive_When_NotebooksAreRun()
    {
        await BuildAsync(isStored: false);
        Assert.Contains("<pre class=\"text stdout\">42</pre>", Page("00-a.html"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Should_LeaveOutOthersPictures_When_TheSiteIsForThePublic(bool isPublic, bool isShown)
    {
        const string Output = """{"output_type":"display_data","metadata":{},"data":{"image/png":"QUJD"}}""";
        var notebook = TestNotebook.Of("# 00", "display(1);").Tagged(1, StoredNotebook.ThirdPartyTag).ToJsonString();
        Write("notebooks/00-a.ipynb", notebook.Replace("\"outputs\":[]", $"\"outputs\":[{Output}]", StringComparison.Ordinal));
        var options = new SiteOptions
        {
            Source = folder["notebooks"], Output = folder["site"], IsStored = true, WithoutThirdPartyImages = isPublic,
        };
        await new SiteBuilder(options).BuildAsync(TestContext.Current.CancellationToken);
        Assert.Equal(isShown, Page("00-a.html").Contains("QUJD", StringComparison.Ordinal));
        Assert.Equal(isPublic, Page("00-a.html").Contains("they are not stored in the repository", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Should_LeaveTheSiteThatIsThere_When_ANotebookFails()
    {
        await BuildAsync();
        var before = Page("index.html");
        Write("notebooks/01-b.ipynb", Notebook("# 01 \u00b7 Second", "throw new Exception(\"no\");"));
        var error = await Assert.ThrowsAsync<FewShotException>(() => BuildAsync(isStored: false, write: false));
        Assert.Contains("The site is not written", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Page("index.html"));
        Assert.Equal(["site"], Directory.GetDirectories(folder["."], "site*").Select(Path.GetFileName));
    }

    [Fact]
    public async Task Should_TouchNothing_When_TheFolderHoldsSomethingElse()
    {
        Write("site/own.txt", "own");
        var error = await Assert.ThrowsAsync<FewShotException>(() => BuildAsync());
        Assert.Contains("something else than a site", error.Message, StringComparison.Ordinal);
        Assert.Equal("own", File.ReadAllText(folder["site/own.txt"]));
    }

    [Fact]
    public async Task Should_HaveAnotherLanguage_When_TranslationsLieBeside()
    {
        const string Text = "# 00 \u00b7 First\n\n**What you will learn.** To count.\n\n**What you need.** A minute.";
        Write(
            "notebooks/zh/00-a.json",
            $$$"""{"cells":{"cell-0":{"of":"{{{NotebookTranslation.Mark(Text)}}}","text":["# 00 \u00b7 \u7b2c\u4e00"]}},"strings":{}}""");
        await BuildAsync();
        Assert.Contains("00 \u00b7 \u7b2c\u4e00</h1>", Page("zh/00-a.html"), StringComparison.Ordinal);
        Assert.Contains("<html lang=\"zh\">", Page("zh/00-a.html"), StringComparison.Ordinal);
        Assert.Contains("href=\"zh/00-a.html\" lang=\"zh\"", Page("00-a.html"), StringComparison.Ordinal);
        Assert.Contains("href=\"../00-a.html\" lang=\"en\"", Page("zh/00-a.html"), StringComparison.Ordinal);
        Assert.Contains("href=\"../assets/site.css\"", Page("zh/00-a.html"), StringComparison.Ordinal);
    }

    private async Task BuildAsync(bool isStored = true, bool write = true)
    {
        if (write)
        {
            Write("notebooks/00-a.ipynb", Notebook(
                "# 00 \u00b7 First\n\n**What you will learn.** To count.\n\n**What you need.** A minute.",
                "Console.WriteLine(6 * 7);",
                "## How?\n\nBy one."));
            Write("notebooks/01-b.ipynb", Notebook("# 01 \u00b7 Second", "1 + 1"));
            Write("notebooks/solutions/00-a.ipynb", Notebook("# Solutions"));
            Write("notebooks/glossary.md", "# Glossary\n\n[b](01-b.ipynb)\n");
            Write("notebooks/teaching/plans.md", "# Plans\n\n[b](../01-b.ipynb), see [code](../../src/x.cs) here\n");
        }

        var options = new SiteOptions { Source = folder["notebooks"], Output = folder["site"], IsStored = isStored };
        await new SiteBuilder(options).BuildAsync(TestContext.Current.CancellationToken);
    }

    private static string Notebook(params string[] cells) => TestNotebook.Of(cells).ToJsonString();

    private string Page(string path) => File.ReadAllText(folder[$"site/{path}"]);

    private void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(folder[path])!);
        File.WriteAllText(folder[path], text, new UTF8Encoding(false));
    }
}
