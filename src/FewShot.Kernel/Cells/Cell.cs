namespace FewShot.Kernel.Cells;

/// <summary>A piece of code to execute.</summary>
/// <param name="Number">Its execution count, from 1; errors name it: "cell 3, line 5".</param>
/// <param name="Text">C# script code.</param>
public sealed record Cell(int Number, string Text)
{
    /// <summary>The front end's own name for the cell, the same each time it is run; null where it gives none.</summary>
    public string? Id { get; init; }

    /// <summary>The name that stack traces and diagnostics give it.</summary>
    public string Name => Source ?? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"cell {Number}");

    /// <summary>Where it was read from, if it is no cell of the notebook that runs.</summary>
    internal string? Source { get; init; }

    /// <summary>
    /// Whether both are runs, or the same run, of one cell. Where the front end names no cells, those of equal text are taken as one.
    /// </summary>
    internal bool IsSamePlaceAs(Cell other) => (Id ?? Text) == (other.Id ?? other.Text);
}
