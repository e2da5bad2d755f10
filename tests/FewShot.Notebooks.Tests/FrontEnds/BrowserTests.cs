using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>The kernel as a person meets it: notebook 03 in classic Notebook in Chromium, with no network; it runs for minutes.</summary>
public sealed class BrowserTests(NotebookPage notebook) : IClassFixture<NotebookPage>, IAsyncLifetime
{
    private IPage Page => notebook.Browser.Page;

    public ValueTask InitializeAsync() => new(notebook.RunOnceAsync());

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact(Explicit = true)]
    public void Should_RunEveryCell_When_AllAreRun()
    {
        Assert.Empty(notebook.Errors);
        Assert.NotEmpty(notebook.Prompts);
        Assert.All(notebook.Prompts, prompt => Assert.Matches(@"\[\d+\]", prompt));
    }

    [Fact(Explicit = true)]
    public void Should_MoveItsBar_When_ACellTakesLong()
    {
        Assert.True(notebook.BarPositions.Count >= 3);
        Assert.Equal(notebook.BarPositions.Order(), notebook.BarPositions);
    }

    [Fact(Explicit = true)]
    public async Task Should_DrawEveryChart_When_ThereIsNoNetwork()
    {
        var count = await DrawnCharts.AllDrawnAsync(notebook.Browser, "03-chart");
        Assert.True(count >= 4, $"{count} charts");
    }

    [Fact(Explicit = true)]
    public async Task Should_StopAndAnswerTheNextCell_When_ALoopIsInterrupted()
    {
        var loop = await AddAsync("Console.WriteLine(\"round and round\");\nwhile (true) { }");
        await Assertions.Expect(loop.Locator(".output_stdout")).ToContainTextAsync("round and round");
        await Page.ClickAsync("[data-jupyter-action='jupyter-notebook:interrupt-kernel']");
        await Assertions.Expect(loop.Locator(".output_error")).ToBeVisibleAsync();
        await Assertions.Expect(loop).Not.ToHaveClassAsync(new Regex("running"));
        var next = await AddAsync("$\"still here: {classes.Count} classes\"");
        await Assertions.Expect(next.Locator(".output_result")).ToContainTextAsync("still here: 10 classes");
        await next.ScrollIntoViewIfNeededAsync();
        await notebook.Browser.KeepAsync("03-interrupted");
    }

    /// <summary>Writes a cell at the end and runs it with the toolbar's button.</summary>
    private async Task<ILocator> AddAsync(string code)
    {
        var at = await Page.EvaluateAsync<int>(
            """
            code => {
              const cell = Jupyter.notebook.insert_cell_at_bottom('code');
              cell.set_text(code);
              const at = Jupyter.notebook.find_cell_index(cell);
              Jupyter.notebook.select(at);
              return at;
            }
            """,
            code);
        await Page.ClickAsync("[data-jupyter-action='jupyter-notebook:run-cell-and-select-next']");
        return Page.Locator("#notebook-container > .cell").Nth(at);
    }
}
