namespace FewShot.Kernel.Cells;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>The cell ran to its end.</summary>
    Succeeded,

    /// <summary>The cell did not compile: nothing ran, nothing changed.</summary>
    NotCompiled,

    /// <summary>The cell threw an exception; what it did before stays.</summary>
    Failed,

    /// <summary>The user stopped the cell before its end.</summary>
    Cancelled,
}

/// <summary>The end of a cell's execution.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Compiling">Time spent compiling.</param>
/// <param name="Running">Time spent running and showing the result.</param>
/// <param name="Error">What stopped it; null where it succeeded.</param>
public sealed record CellResult(CellStatus Status, TimeSpan Compiling, TimeSpan Running, ErrorOutput? Error);
