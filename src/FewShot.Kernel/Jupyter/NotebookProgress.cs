using System.Diagnostics;
using System.Runtime.CompilerServices;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Display;
using FewShot.Runtime;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Jupyter;

/// <summary>Progress of long loops as bars in the output of the cell they run in, each updated in its place.</summary>
internal sealed class NotebookProgress : IProgress<StepProgress>
{
    // What is done sooner needs no bar, and no front end draws more often than this with profit.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private readonly ConditionalWeakTable<CellContext, Dictionary<string, Bar>> bars = [];

    private sealed class Bar
    {
        public Stopwatch SinceDrawn { get; } = Stopwatch.StartNew();

        public DisplayedValue? Handle { get; set; }
    }

    public void Report(StepProgress value)
    {
        if (CellContext.Current is not { } cell)
            return;
        var ofCell = bars.GetOrCreateValue(cell);
        lock (ofCell)
        {
            if (!ofCell.TryGetValue(value.Activity, out var bar))
                ofCell.Add(value.Activity, bar = new Bar());
            var done = value.Total > 0 && value.Done >= value.Total;
            // The end is always drawn where there is a bar, so that none stands still at 97 %.
            if (bar.SinceDrawn.Elapsed < Pause && !(done && bar.Handle is not null))
                return;
            if (bar.Handle is null && done)
                return;
            bar.SinceDrawn.Restart();
            if (bar.Handle is null)
                bar.Handle = CellFunctions.display(new ProgressBar(value));
            else
                bar.Handle.Update(new ProgressBar(value));
            if (done)
                ofCell.Remove(value.Activity);
        }
    }
}
