using FewShot.Kernel.Cells;
using FewShot.Runtime;

namespace FewShot.Kernel.Run;

/// <summary>Ends long work of the library at its next report, where the cell that it runs in is to stop.</summary>
/// <param name="inner">Told what goes on.</param>
internal sealed class StoppableProgress(IProgress<StepProgress> inner) : IProgress<StepProgress>
{
    public void Report(StepProgress value)
    {
        CellContext.Current?.ThrowIfStoppedUnlessUnwinding();
        inner.Report(value);
    }
}
