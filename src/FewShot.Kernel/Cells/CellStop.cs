using System.ComponentModel;

namespace FewShot.Kernel.Cells;

/// <summary>What the loops of cells call at every turn (see StoppableLoops, and for F# FSharpSource); people need not.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellStop
{
    // Every turn of every loop reads this, so it is one field, and nothing else is looked at while no cell is to stop.
    private static volatile bool asked;

    /// <summary>Ends the cell that the calling code belongs to, if it is to stop.</summary>
    /// <exception cref="OperationCanceledException">The user has asked for the cell to stop.</exception>
    public static void Check()
    {
        if (asked)
            CellContext.Current?.ThrowIfStopped();
    }

    /// <summary>Does the same as <see cref="Check"/>, in a form that can begin a condition.</summary>
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
