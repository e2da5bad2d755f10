using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Runtime;
using Spectre.Console;

namespace FewShot.Kernel.Run;

/// <summary>Progress as one moving bar per notebook, with the cell and the work inside it.</summary>
internal sealed class LiveObserver(ProgressContext context) : INotebookObserver
{
    private readonly Lock gate = new();
    private ProgressTask? task;
    private string name = string.Empty;
    private int cells;
    private int cell;

    public static Progress Display(IAnsiConsole console) => console.Progress().AutoClear(false).HideCompleted(false).Columns(
        new TaskDescriptionColumn { Alignment = Justify.Left },
        new ProgressBarColumn { Width = 20 },
        new ElapsedTimeColumn(),
        new SpinnerColumn());

    public void NotebookStarted(string name, int cells)
    {
        lock (gate)
        {
            (this.name, this.cells) = (name, cells);
            task = context.AddTask(Markup.Escape(name), maxValue: Math.Max(1, cells));
        }
    }

    public void CellStarted(int number)
    {
        lock (gate)
        {
            cell = number;
            Show(number - 1, null);
        }
    }

    public void CellFinished(int number, CellResult result)
    {
        lock (gate)
            Show(number, null);
    }

    public void NotebookFinished(string name, TimeSpan elapsed, string? failure)
    {
        lock (gate)
        {
            task ??= context.AddTask(Markup.Escape(name));
            task.Description = failure is null ? $"[green]{Markup.Escape(name)}[/]" : $"[red]{Markup.Escape(name)} failed[/]";
            if (failure is null)
                task.Value = task.MaxValue;
            task.StopTask();
            task = null;
        }
    }

    public void Report(StepProgress value)
    {
        lock (gate)
            Show(cell - 1 + (value.Total > 0 ? Math.Clamp((double)value.Done / value.Total, 0, 1) : 0), ProgressText.Of(value));
    }

    private void Show(double done, string? work)
    {
        if (task is null)
            return;
        task.Value = done;
        var inside = work is null ? string.Empty : "  " + Markup.Escape(work);
        task.Description = $"{Markup.Escape(name)}  [grey]cell {cell}/{cells}{inside}[/]";
    }
}
