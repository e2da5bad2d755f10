using System.ComponentModel;

namespace FewShot.Kernel.Cells;

/// <summary>What the code of cells calls for a <c>using var</c> at its top level; people need not.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellUsing
{
    /// <summary>Has something disposed of when the cell ends.</summary>
    public static void Keep(IDisposable? used)
    {
        if (used is not null)
            CellContext.Current?.AtEnd(() =>
            {
                used.Dispose();
                return ValueTask.CompletedTask;
            });
    }

    /// <inheritdoc cref="Keep"/>
    public static void KeepAsync(IAsyncDisposable? used)
    {
        if (used is not null)
            CellContext.Current?.AtEnd(used.DisposeAsync);
    }
}
