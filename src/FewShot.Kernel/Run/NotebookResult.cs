using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Notebooks;

namespace FewShot.Kernel.Run;

/// <summary>A notebook after a run.</summary>
/// <param name="Notebook">The notebook with its outputs; cells after a failure have none.</param>
/// <param name="Cells">The code cells that ran, in order.</param>
/// <param name="Elapsed">Time for all of it.</param>
/// <param name="Failure">What stopped it; null where it ran to its end.</param>
public sealed record NotebookResult(NotebookDocument Notebook, IReadOnlyList<CellRun> Cells, TimeSpan Elapsed, NotebookFailure? Failure)
{
    /// <summary>Time spent compiling cells.</summary>
    public TimeSpan Compiling => Cells.Aggregate(TimeSpan.Zero, (sum, cell) => sum + cell.Result.Compiling);
}

/// <summary>A code cell that ran.</summary>
/// <param name="Number">Its number among the code cells, from 1.</param>
/// <param name="Id">Its id.</param>
/// <param name="Result">How it ended.</param>
public sealed record CellRun(int Number, string Id, CellResult Result);

/// <summary>The cell that stopped a notebook, and why.</summary>
/// <param name="Cell">The number of the code cell, from 1.</param>
/// <param name="CellId">Its id.</param>
/// <param name="Error">The error.</param>
public sealed record NotebookFailure(int Cell, string CellId, ErrorOutput Error)
{
    /// <summary>One line: "cell 3, line 2: System.Exception: no data".</summary>
    public override string ToString()
    {
        var name = new Cell(Cell, string.Empty).Name;
        var told = Error.Trace.Count > 0 ? Error.Trace[0] : Error.Message;
        if (told.StartsWith(name, StringComparison.Ordinal))
            return told;
        var place = Error.Trace.Select(line => Regex.Match(line, $"{name}, line [0-9]+")).FirstOrDefault(match => match.Success)?.Value;
        return $"{place ?? name}: {told}";
    }
}
