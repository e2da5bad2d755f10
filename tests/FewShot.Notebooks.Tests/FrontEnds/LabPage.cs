using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace FewShot.Notebooks.Tests.FrontEnds;

/// <summary>
/// A notebook with charts in JupyterLab in a browser, as a person treats it: run, seen in a narrower panel and in the dark, its first cell
/// changed, saved, opened anew, its first cell run as it was, and opened where it is not trusted.
/// </summary>
public sealed class LabPage(CourseJupyter jupyter) : IAsyncDisposable
{
    private const string Notebook = "charts.ipynb";

    /// <summary>A name that is wider than most charts are.</summary>
    public const string LongName = "a recipe with a name that says in many words what was measured";

    /// <summary>
    /// A chart of the course that brings plotly.js, one with long names, one by Plotly.NET alone; an error, and what it skips.
    /// </summary>
    private static readonly string[] Cells =
    [
        """
        using FewShot.Charts; using FewShot.Evaluation; using Plotly.NET;
        LearningCurves.Loss(
            [1, 0.6, 0.4], [1.1, 0.8, 0.7], chosenEpoch: 2, note: "Three epochs on 500 images, seed 1; validation on 100 others.")
        """,
        $"""
        Series[] series = [new("{LongName}", [0, 1, 2], [0, 2, 1]), new("short", [0, 1, 2], [1, 0, 1])];
        LineChart.Of(series, "labels", "accuracy", "Two recipes")
        """,
        """
        var trace = new Trace2D("bar");
        trace.SetProperty("x", new[] { "monday", "tuesday" });
        trace.SetProperty("y", new[] { 1.0, 2.0 });
        GenericChart.ofTraceObject(true, trace)
        """,
        "throw new InvalidOperationException(\"on purpose\");",
        "1 + 1",
    ];

    private LocalBrowser? browser;
    private NotebookServer? server;
    private Task? run;

    private IPage Page => browser!.Page;

    /// <summary>What stands before each cell after all were run: <c>[7]:</c>.</summary>
    public IReadOnlyList<string> Prompts { get; private set; } = [];

    /// <summary>What the label at a point says.</summary>
    public string Hover { get; private set; } = "";

    /// <summary>How the charts look after each step.</summary>
    internal Dictionary<string, IReadOnlyList<ChartLook>> Looks { get; } = [];

    /// <summary>Runs it, once, however many tests ask for it.</summary>
    public Task RunOnceAsync() => run ??= RunAsync();

    public async ValueTask DisposeAsync()
    {
        if (browser is not null)
            await browser.DisposeAsync();
        server?.Dispose();
    }

    private async Task RunAsync()
    {
        var folder = jupyter.NewFolder();
        var path = Path.Combine(folder, Notebook);
        await File.WriteAllTextAsync(path, Written().ToJsonString());
        browser = await LocalBrowser.StartAsync();
        server = await NotebookServer.LabAsync(jupyter, folder);
        await OpenAsync();
        await CommandAsync("application:toggle-left-area");

        await CommandAsync("runmenu:run-all");
        await Assertions.Expect(Page.Locator("[data-mime-type='application/vnd.jupyter.stderr'], [data-mime-type*='error']").First)
            .ToContainTextAsync("on purpose");
        await IdleAsync();
        Prompts = await Page.Locator(".jp-CodeCell .jp-InputArea-prompt").AllInnerTextsAsync();
        await KeepAsync("ran");

        await CommandAsync("application:toggle-left-area");
        await KeepAsync("narrow");
        await Page.SetViewportSizeAsync(760, 860);
        await KeepAsync("narrower");
        await Page.SetViewportSizeAsync(1180, 860);

        await CommandAsync("apputils:change-theme", "JupyterLab Dark");
        await KeepAsync("dark");
        await CommandAsync("apputils:change-theme", "JupyterLab Light");
        await KeepAsync("light");

        var chart = Page.Locator("[data-fewshot-chart]").Nth(1);
        await chart.ScrollIntoViewIfNeededAsync();
        var plot = (await chart.Locator(".nsewdrag").First.BoundingBoxAsync())!;
        await Page.Mouse.MoveAsync(plot.X + (plot.Width / 2), plot.Y + 20);
        Hover = await chart.Locator(".hoverlayer").TextContentAsync() ?? "";
        await KeepAsync("hover");

        await RunFirstCellAsync("\"no chart\"");
        await CommandAsync("docmanager:save");
        await OpenAsync();
        await KeepAsync("reloaded");
        await RunFirstCellAsync(Cells[0]);
        await KeepAsync("run-again");

        var saved = JsonNode.Parse(await File.ReadAllTextAsync(path))!;
        saved["cells"]![1]!["metadata"]!["by"] = "another hand";
        await File.WriteAllTextAsync(path, saved.ToJsonString());
        await OpenAsync();
        await KeepAsync("untrusted");
    }

    private async Task OpenAsync()
    {
        await Page.GotoAsync(server!.Page($"lab/tree/{Notebook}").AbsoluteUri);
        await Page.WaitForFunctionAsync(
            """
            () => window.jupyterapp?.shell.currentWidget?.context?.isReady
              && jupyterapp.shell.currentWidget.sessionContext.session?.kernel
            """);
        await IdleAsync();
    }

    private async Task RunFirstCellAsync(string source)
    {
        await Page.EvaluateAsync(
            """
            source => {
              const notebook = jupyterapp.shell.currentWidget.content;
              notebook.widgets[0].model.sharedModel.setSource(source);
              notebook.activeCellIndex = 0;
            }
            """,
            source);
        await CommandAsync("notebook:run-cell");
        await IdleAsync();
    }

    private Task CommandAsync(string command, string? theme = null) => Page.EvaluateAsync(
        "([command, theme]) => jupyterapp.commands.execute(command, theme ? { theme } : {})", new[] { command, theme });

    /// <summary>Waits until the kernel has answered everything.</summary>
    private Task<IJSHandle> IdleAsync() => Page.WaitForFunctionAsync(
        """
        () => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'
        """);

    private async Task KeepAsync(string step)
    {
        // A chart follows its box within a moment.
        await Page.WaitForTimeoutAsync(1000);
        Looks[step] = await DrawnCharts.LookAsync(Page);
        await browser!.KeepAsync($"lab-{step}");
    }

    private static JsonObject Written() => new()
    {
        ["nbformat"] = 4,
        ["nbformat_minor"] = 5,
        ["metadata"] = new JsonObject
        {
            ["kernelspec"] = new JsonObject { ["name"] = ".net-csharp", ["display_name"] = ".NET (C#)", ["language"] = "C#" },
        },
        ["cells"] = new JsonArray([.. Cells.Select((source, number) => new JsonObject
        {
            ["cell_type"] = "code",
            ["id"] = $"cell-{number}",
            ["metadata"] = new JsonObject(),
            ["execution_count"] = null,
            ["outputs"] = new JsonArray(),
            ["source"] = source,
        })]),
    };
}
