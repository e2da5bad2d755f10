using System.ComponentModel;

namespace FewShot.Kernel.Cells;

/// <summary>What the loops of cells call at every turn (see StoppableLoops, and for F# FSharpSource); people need not.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellStop
{
    // Read in every turn of every loop, so no more than that while nobody wants to stop anything.
    private static volatile bool asked;

    /// <summary>Ends the cell that the calling code belongs to, if it is to stop.</summary>
    /// <exception cref="OperationCanceledException">The user has asked for the cell to stop.</exception>
    public static void Check()
    {
        if (asked)
            CellContext.Current?.ThrowIfStopped();
    }

    /// <summary>The same as the beginning of a condition.</summary>
    /// <returns>True.</returns>
    /// <inheritdoc cref="Check"/>
    public static bool Continues()
    {
        Check();
        return true;
    }

    /// <summary>To be called when a cell begins.</summary>
    internal static void Begin() => asked = false;

    /// <summary>To be called when a cell is to stop.</summary>
    internal static void Ask() => asked = true;
}
