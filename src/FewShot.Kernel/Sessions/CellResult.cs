namespace FewShot.Kernel.Sessions;

/// <summary>How a cell ended.</summary>
public enum CellStatus
{
    /// <summary>It ran to its end.</summary>
    Succeeded,

    /// <summary>It did not compile: nothing ran, nothing changed.</summary>
    NotCompiled,

    /// <summary>It threw; what it did before stays.</summary>
    Failed,

    /// <summary>It was stopped.</summary>
    Cancelled,
}

/// <summary>The end of a cell's execution.</summary>
/// <param name="Status">How it ended.</param>
/// <param name="Compiling">Time spent compiling.</param>
/// <param name="Running">Time spent running and showing the result.</param>
/// <param name="Error">What stopped it; null where it succeeded.</param>
public sealed record CellResult(CellStatus Status, TimeSpan Compiling, TimeSpan Running, ErrorOutput? Error);
