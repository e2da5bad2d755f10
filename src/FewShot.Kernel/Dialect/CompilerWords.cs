using System.Globalization;
using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>What the C# compiler says of a cell, told of the code as it was written.</summary>
/// <param name="folder">The session's folder, which no message names.</param>
/// <param name="files">The files that cells load.</param>
internal sealed partial class CompilerWords(string folder, LoadedFiles files)
{
    private static readonly string[] Noise =
    [
        // Assemblies of packages in other versions than they ask for: NuGet has chosen one for all.
        "CS1701", "CS1702", "CS1705",
        // "string?" outside "#nullable enable": cells are not checked for null.
        "CS8632",
        // "async" without "await", a name in small letters, and a Main that nobody calls are not wrong.
        "CS1998", "CS7022", "CS8981",
    ];

    /// <summary>The report of the errors.</summary>
    /// <param name="diagnostics">The compiler's.</param>
    /// <param name="code">The cell's code.</param>
    public ErrorOutput Errors(IEnumerable<Diagnostic> diagnostics, ScriptCode code)
    {
        var errors = diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
            .OrderBy(error => error.Location.SourceSpan.Start)
            .Select(error => (Error: error, Place: Locate(error, code)))
            .ToList();
        // What scripts refuse leads to further faults, and what was put in repeats those of what it stands for.
        var refused = errors.Where(error => Advice(error.Error) is not null).ToList();
        var own = errors.Where(error => error.Place.Inside?.Advice is null).ToList();
        return CompileReport.Of((refused.Count > 0 ? refused : own.Count > 0 ? own : errors)
            .Select(error => Fault(error.Error, error.Place))
            .Distinct());
    }

    /// <summary>The warnings, a line each.</summary>
    /// <inheritdoc cref="Errors"/>
    public IReadOnlyList<string> Warnings(IEnumerable<Diagnostic> diagnostics, ScriptCode code) =>
    [
        .. diagnostics
            .Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Warning && !Noise.Contains(diagnostic.Id))
            .Where(warning => IsWritten(warning, code))
            .OrderBy(warning => warning.Location.SourceSpan.Start)
            .Select(warning => string.Create(CultureInfo.InvariantCulture, $"{Place(warning)}warning {Message(warning)}"))
            .Distinct(),
    ];

    /// <summary>Whether a warning is of the code as it was written, and not of what was put in for it.</summary>
    private bool IsWritten(Diagnostic warning, ScriptCode code)
    {
        if (warning.Location.SourceTree is not { } tree)
            return true;
        var (text, written) = (tree.GetText(), SourceText.From((files.Code(tree.FilePath) ?? code).Written));
        var line = text.Lines.GetLineFromPosition(warning.Location.SourceSpan.Start);
        var meant = text.ToString(TextSpan.FromBounds(
            warning.Location.SourceSpan.Start, Math.Min(line.End, warning.Location.SourceSpan.End)));
        return line.LineNumber < written.Lines.Count
            && written.Lines[line.LineNumber].ToString().Contains(meant, StringComparison.Ordinal);
    }

    private string Place(Diagnostic warning) => warning.Location.GetLineSpan() is { IsValid: true } span
        ? string.Create(
            CultureInfo.InvariantCulture, $"{CellPaths.Show(span.Path, folder)}, line {span.StartLinePosition.Line + 1}: ")
        : string.Empty;

    private CompileFault Fault(Diagnostic error, DiagnosticPlace place)
    {
        var message = place.Inside?.Advice ?? Advice(error) ?? Message(error);
        if (place.Text is null)
            return new CompileFault(message, null);
        var (first, last) = (place.Text.Lines.GetLinePosition(place.Span.Start), place.Text.Lines.GetLinePosition(place.Span.End));
        var line = place.Text.Lines[first.Line].ToString();
        var end = last.Line == first.Line ? last.Character : line.Length;
        return new CompileFault(message, new CompilePlace(CellPaths.Show(place.Path!, folder), first.Line, first.Character, end, line));
    }

    private string Message(Diagnostic diagnostic) => $"{diagnostic.Id}: {diagnostic.GetMessage(CultureInfo.InvariantCulture)}"
        .Replace(Path.TrimEndingDirectorySeparator(folder) + Path.DirectorySeparatorChar, string.Empty, StringComparison.Ordinal);

    /// <summary>Sentences for what scripts refuse and other C# does not; null for all else.</summary>
    private static string? Advice(Diagnostic error)
    {
        var isTopLevel = error.Location.SourceTree?.GetRoot().FindNode(error.Location.SourceSpan)
            .AncestorsAndSelf().OfType<BaseTypeDeclarationSyntax>().Any() == false;
        var named = Quoted().Match(error.GetMessage(CultureInfo.InvariantCulture)).Groups[1].Value;
        return error.Id switch
        {
            "CS8345" when isTopLevel =>
                $"a variable of a cell cannot be of type {named}, as it outlives the cell. "
                + "Put braces { } around the lines that use it, or keep an array (ToArray()) or a Memory<T> instead.",
            "CS8098" => "#load stands above all code of its cell. Move the line up, or into a cell of its own.",
            "CS9283" =>
                "a cell can have no extension block. Write extension methods at its top level instead: "
                + "static int Twice(this int number) => 2 * number;",
            "CS8795" or "CS9248" =>
                $"{named} has no body, and no source generator writes one in a cell ([GeneratedRegex] is the exception). "
                + "Write the body here.",
            _ => null,
        };
    }

    private DiagnosticPlace Locate(Diagnostic diagnostic, ScriptCode code)
    {
        if (diagnostic.Location.SourceTree is not { } tree)
            return default;
        var source = files.Code(tree.FilePath) ?? code;
        // The declarations of what F# gives to a cell were written by nobody.
        if (!tree.GetText().ContentEquals(SourceText.From(source.Code)))
            return new DiagnosticPlace(tree.FilePath, tree.GetText(), diagnostic.Location.SourceSpan, null);
        var (span, inside) = source.Locate(diagnostic.Location.SourceSpan);
        return new DiagnosticPlace(tree.FilePath, SourceText.From(source.Written), span, inside);
    }

    private readonly record struct DiagnosticPlace(string? Path, SourceText? Text, TextSpan Span, CodeEdit? Inside);

    [GeneratedRegex("'([^']*)'")]
    private static partial Regex Quoted();
}
