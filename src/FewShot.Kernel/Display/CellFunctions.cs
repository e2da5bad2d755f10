using FewShot.Kernel.Cells;
using Microsoft.AspNetCore.Html;
using Microsoft.DotNet.Interactive.Formatting;

namespace FewShot.Kernel.Display;

/// <summary>What a cell can call without a using: the display functions that .NET notebooks are written with.</summary>
public static class CellFunctions
{
    /// <summary>Shows a value in the cell's output, as <c>value.Display()</c> does.</summary>
    /// <param name="value">Anything; a formatter registered for its type decides how it looks.</param>
    /// <param name="mimeTypes">MIME types to show it as; none for those that its type prefers.</param>
    /// <returns>A handle that can update what is shown.</returns>
    /// <exception cref="InvalidOperationException">Called by code that no cell started.</exception>
#pragma warning disable IDE1006 // The name that .NET notebooks use.
    public static DisplayedValue display(object? value, params string[] mimeTypes)
#pragma warning restore IDE1006
    {
        ArgumentNullException.ThrowIfNull(mimeTypes);
        return Displays.Show(value, mimeTypes);
    }

    /// <summary>Takes away what the cell has shown so far.</summary>
    /// <param name="wait">Only when the next output comes, so that nothing flickers.</param>
    /// <exception cref="InvalidOperationException">Called by code that no cell started.</exception>
    public static void ClearOutput(bool wait = false) => Running().Show(new ClearOutput(wait));

    /// <summary>Asks the person at the notebook for a line of text; <c>Console.ReadLine</c> does the same without a prompt.</summary>
    /// <param name="prompt">The question.</param>
    /// <exception cref="InvalidOperationException">Nobody can be asked.</exception>
    public static string GetInput(string prompt = "") => Ask(prompt, isSecret: false);

    /// <summary>Asks for a line that is not shown while it is typed, nor kept in the notebook.</summary>
    /// <inheritdoc cref="GetInput"/>
    public static string GetPassword(string prompt = "Password: ") => Ask(prompt, isSecret: true);

    private static string Ask(string prompt, bool isSecret) =>
        Running() is { CanAsk: true } cell && cell.Ask(prompt, isSecret) is { } answer
            ? answer
            : throw new InvalidOperationException(
                "The cell asks for input, and here nobody can be asked: run the notebook in Jupyter or VS Code.");

    private static CellContext Running() =>
        CellContext.Current ?? throw new InvalidOperationException("Only a cell has an output, and no cell is running.");

    /// <summary>Marks a text as HTML, to be shown as such.</summary>
#pragma warning disable IDE1006, CA1707 // The name that .NET notebooks use.
    public static IHtmlContent HTML(string content) => new HtmlString(content);
#pragma warning restore IDE1006, CA1707
}
