using System.Diagnostics;
using FewShot.Charts;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Kernel.Notebooks;
using FewShot.Kernel.Sessions;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>Runs a notebook from its first cell to its last in a session of its own.</summary>
public static class NotebookRunner
{
    /// <summary>The tag, known from Jupyter, of a cell that is there to show an error: the run goes on after it.</summary>
    public const string RaisesTag = "raises-exception";

    // The console, the working directory and the environment belong to the process.
    private static readonly SemaphoreSlim OneAtATime = new(1, 1);

    /// <summary>Runs the notebook at <paramref name="path"/>; the file itself is not changed.</summary>
    /// <param name="path">The notebook.</param>
    /// <param name="options">How to run it; null for the defaults.</param>
    /// <param name="cancellation">Stops the cell that runs, and with it the notebook.</param>
    /// <returns>The executed notebook, whether it failed or not.</returns>
    /// <exception cref="FewShotException">The file is not a C# notebook in nbformat 4.5.</exception>
    public static async Task<NotebookResult> RunAsync(
        string path, NotebookRunOptions? options = null, CancellationToken cancellation = default)
    {
        options ??= new NotebookRunOptions();
        var notebook = NotebookDocument.Load(path);
        if (options.Language is { } language && NotebookTranslation.Find(path, language) is { } translation)
            notebook = translation.OfCode(notebook);
        await OneAtATime.WaitAsync(cancellation);
        try
        {
            using var surroundings = new Surroundings(Path.GetDirectoryName(Path.GetFullPath(path))!, options);
            return await RunCells(notebook, options, cancellation);
        }
        finally
        {
            // Tensors that cells held are freed by their finalizers; the next notebook should find the memory free.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            OneAtATime.Release();
        }
    }

    private static async Task<NotebookResult> RunCells(
        NotebookDocument notebook, NotebookRunOptions options, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var code = notebook.Cells.Where(cell => cell.IsCode).ToList();
        foreach (var cell in code)
            cell.SetOutputs([], null);
        options.Observer?.NotebookStarted(Path.GetFileNameWithoutExtension(notebook.Path), code.Count);

        using var session = new Session(new SessionOptions
        {
            Folder = Directory.GetCurrentDirectory(),
            Renderers = [new ChartRenderer(options.StillCharts ? chart => ChartHtml.StillPng(chart) : null)],
        });
        var displays = new DisplayIndex();
        var runs = new List<CellRun>();
        var shown = new List<CellOutputs>();
        NotebookFailure? failure = null;
        foreach (var cell in code)
        {
            var number = runs.Count + 1;
            options.Observer?.CellStarted(number);
            var outputs = new CellOutputs(number, displays);
            shown.Add(outputs);
            var result = await session.ExecuteAsync(new Cell(number, cell.Source) { Id = cell.Id }, outputs.Add, cancellation);
            runs.Add(new CellRun(number, cell.Id, result));
            options.Observer?.CellFinished(number, result);
            if (result.Status == CellStatus.Succeeded || (result.Status != CellStatus.Cancelled && cell.Tags.Contains(RaisesTag)))
                continue;
            failure = new NotebookFailure(number, cell.Id, result.Error!);
            break;
        }

        // Outputs are written only here: a later cell may have updated a display, or a task printed to the cell that started it.
        for (var i = 0; i < runs.Count; i++)
            code[i].SetOutputs(shown[i].ToJson(), runs[i].Number);
        options.Observer?.NotebookFinished(Path.GetFileNameWithoutExtension(notebook.Path), watch.Elapsed, failure?.ToString());
        return new NotebookResult(notebook, runs, watch.Elapsed, failure);
    }
}
