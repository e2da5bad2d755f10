namespace FewShot.Kernel.Cells;

/// <summary>Ends the code of a cell that the user has asked to stop.</summary>
/// <param name="cancellation">By which the cell was told.</param>
internal sealed class CellStoppedException(CancellationToken cancellation)
    : OperationCanceledException("The cell was stopped.", cancellation);
