using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>Notebook 03 in classic Notebook in a browser, run from top to bottom on stand-ins.</summary>
public sealed class NotebookPage(CourseJupyter jupyter) : IAsyncDisposable
{
    private const string Notebook = "03-cifar10-subset.ipynb";

    private static readonly float Patience = (float)TimeSpan.FromMinutes(20).TotalMilliseconds;

    private NotebookServer? server;
    private LocalBrowser? browser;
    private Task? run;

    internal LocalBrowser Browser => browser!;

    /// <summary>The positions in which one progress bar was seen while its cell ran.</summary>
    public IReadOnlyList<double> BarPositions { get; private set; } = [];

    /// <summary>What stands before each cell at the end: <c>In [7]:</c>.</summary>
    public IReadOnlyList<string> Prompts { get; private set; } = [];

    /// <summary>The errors shown at the end.</summary>
    public IReadOnlyList<string> Errors { get; private set; } = [];

    /// <summary>Runs it, once, however many tests ask for it.</summary>
    public Task RunOnceAsync() => run ??= RunAsync();

    private async Task RunAsync()
    {
        browser = await LocalBrowser.StartAsync();
        server = await NotebookServer.ClassicAsync(jupyter, WriteWithoutOutputs(jupyter.NewFolder()));
        var page = browser.Page;
        await page.GotoAsync(server.Page($"notebooks/{Notebook}").AbsoluteUri);
        await page.WaitForFunctionAsync("() => window.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.is_connected()");
        await page.ClickAsync("#celllink");
        await page.ClickAsync("#run_all_cells");
        var bar = await page.WaitForFunctionAsync(
            """
            () => {
              const bar = document.querySelector('.cell.running .fewshot-progress progress');
              if (!bar) return false;
              const key = Jupyter.notebook.find_cell_index($(bar).closest('.cell').data('cell')) + bar.parentElement.textContent.split(':')[0];
              const seen = (window.barPositions ??= {})[key] ??= new Set();
              seen.add(bar.value);
              return seen.size >= 3 && [...seen];
            }
            """,
            null,
            new PageWaitForFunctionOptions { Timeout = Patience });
        BarPositions = await bar.JsonValueAsync<double[]>();
        // "Run All" leaves the page at its end.
        await page.EvaluateAsync("() => document.querySelector('.cell.running')?.scrollIntoView()");
        await browser.KeepAsync("03-running");
        await page.WaitForFunctionAsync(
            "() => !document.querySelector('.cell.running')", null, new PageWaitForFunctionOptions { Timeout = Patience });
        Prompts = await page.Locator(".code_cell .input_prompt").AllInnerTextsAsync();
        Errors = await page.Locator(".output_error").AllInnerTextsAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        server?.Dispose();
    }

    /// <summary>Writes the notebook without its outputs, so that all outputs that are seen later come from this run.</summary>
    private static string WriteWithoutOutputs(string folder)
    {
        var notebook = JsonNode.Parse(File.ReadAllText(Path.Combine(Course.Folder, Notebook)))!;
        foreach (var cell in notebook["cells"]!.AsArray().Where(cell => (string?)cell!["cell_type"] == "code"))
        {
            cell!["outputs"] = new JsonArray();
            cell["execution_count"] = null;
        }

        File.WriteAllText(Path.Combine(folder, Notebook), notebook.ToJsonString());
        return folder;
    }
}
