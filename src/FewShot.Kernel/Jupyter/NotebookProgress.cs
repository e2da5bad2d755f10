using System.Diagnostics;
using System.Runtime.CompilerServices;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Runtime;

namespace FewShot.Kernel.Jupyter;

/// <summary>
/// Progress of long loops as bars in the output of the cell they run in, one for each activity, updated in its place. With the cell every
/// bar ends: full where the cell succeeded, otherwise as far as it came.
/// </summary>
internal sealed class NotebookProgress : IProgress<StepProgress>
{
    // What is done sooner needs no bar, and no front end draws more often than this with profit.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConditionalWeakTable<CellContext, Dictionary<string, Bar>> bars = [];

    private sealed class Bar
    {
        public Stopwatch SinceDrawn { get; } = Stopwatch.StartNew();

        public StepProgress Step { get; set; }

        /// <summary>The place of its display; null where nothing was shown yet.</summary>
        public string? Id { get; set; }

        public bool IsFull => Step.Total > 0 && Step.Done >= Step.Total;
    }

    public void Report(StepProgress value)
    {
        if (CellContext.Current is not { } cell)
            return;
        cell.ThrowIfStoppedUnlessUnwinding();
        var ofCell = bars.GetValue(cell, Begin);
        lock (ofCell)
        {
            if (!ofCell.TryGetValue(value.Activity, out var bar))
                ofCell.Add(value.Activity, bar = new Bar());
            bar.Step = value;
            // The end is always drawn where there is a bar, so that none stands still at 97 %.
            if (bar.IsFull ? bar.Id is null : bar.SinceDrawn.Elapsed < Pause)
                return;
            bar.SinceDrawn.Restart();
            var isUpdate = bar.Id is not null;
            bar.Id ??= cell.Session.NextDisplayId();
            cell.Show(new DisplayOutput(cell.Render(new ProgressBar(value), []), bar.Id, isUpdate));
        }
    }

    private static Dictionary<string, Bar> Begin(CellContext cell)
    {
        var ofCell = new Dictionary<string, Bar>();
        cell.Ended += status => End(cell, ofCell, status == CellStatus.Succeeded);
        return ofCell;
    }

    private static void End(CellContext cell, Dictionary<string, Bar> ofCell, bool succeeded)
    {
        lock (ofCell)
        {
            foreach (var bar in ofCell.Values.Where(bar => bar.Id is not null && !bar.IsFull))
                cell.Hand(new DisplayOutput(cell.Render(new ProgressBar(bar.Step, succeeded), []), bar.Id!, IsUpdate: true));
        }
    }
}
