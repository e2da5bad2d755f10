using FewShot.Kernel.Cells;
using FSharp.Compiler.Diagnostics;

namespace FewShot.Kernel.FSharpCells;

/// <summary>Says why F# does not compile, in the form of C#'s errors.</summary>
internal static class FSharpReport
{
    // The number of an error that follows the one with the real reason, and says no more than that there was one.
    private const int ParseError = 192;

    /// <returns>Null where there is no error; warnings are none.</returns>
    /// <param name="diagnostics">The compiler's.</param>
    /// <param name="path">The full path that the code was given as its name.</param>
    /// <param name="code">The code.</param>
    /// <param name="folder">The session's folder.</param>
    public static ErrorOutput? From(IReadOnlyList<FSharpDiagnostic> diagnostics, string path, string code, string folder)
    {
        var errors = diagnostics.Where(diagnostic => diagnostic.Severity.IsError).ToList();
        if (errors.Any(error => error.ErrorNumber != ParseError))
            errors.RemoveAll(error => error.ErrorNumber == ParseError);
        return errors.Count == 0
            ? null
            : CompileReport.Of(errors.OrderBy(error => error.StartLine).ThenBy(error => error.StartColumn).Select(Fault));

        CompileFault Fault(FSharpDiagnostic error)
        {
            // F# breaks its messages into lines of its own.
            var words = error.Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var message = $"{error.ErrorNumberText}: {string.Join(' ', words)}";
            var line = Line(error.FileName, error.StartLine - 1);
            return new CompileFault(message, line is null ? null : new CompilePlace(
                CellPaths.Show(error.FileName, folder),
                error.StartLine - 1,
                error.StartColumn,
                error.EndLine == error.StartLine ? error.EndColumn : line.Length,
                line));
        }

        string? Line(string file, int line) =>
            (file == path ? code.Split('\n') : File.Exists(file) ? File.ReadAllLines(file) : []).ElementAtOrDefault(line);
    }
}
