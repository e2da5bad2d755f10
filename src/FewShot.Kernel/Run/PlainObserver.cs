using System.Diagnostics;
using System.Globalization;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>Progress as plain lines, for logs and pipes: a line per cell, and for long work inside one a line now and then.</summary>
internal sealed class PlainObserver(TextWriter writer, TimeSpan? between = null) : INotebookObserver
{
    private readonly TimeSpan pause = between ?? TimeSpan.FromSeconds(10);
    private readonly Lock gate = new();
    private readonly Stopwatch sinceLine = Stopwatch.StartNew();
    private int cells;

    public void NotebookStarted(string name, int cells)
    {
        this.cells = cells;
        Line($"{name} ({cells} cells)");
    }

    public void CellStarted(int number) => sinceLine.Restart();

    public void CellFinished(int number, CellResult result)
    {
        var seconds = (result.Compiling + result.Running).TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        var fault = result.Status == CellStatus.Succeeded ? string.Empty : "  " + result.Error!.Trace[0];
        Line($"  cell {number}/{cells}  {seconds} s{fault}");
    }

    public void NotebookFinished(string name, TimeSpan elapsed, string? failure)
    {
        var seconds = elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture);
        Line($"  {(failure is null ? "done" : "failed")} after {seconds} s{(failure is null ? string.Empty : ": " + failure)}");
    }

    public void Report(StepProgress value)
    {
        lock (gate)
        {
            if (sinceLine.Elapsed < pause)
                return;
            sinceLine.Restart();
        }

        Line("    " + ProgressText.Of(value));
    }

    private void Line(string text)
    {
        lock (gate)
        {
            writer.WriteLine(text);
            writer.Flush();
        }
    }
}
