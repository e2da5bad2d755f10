using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Sessions;

/// <summary>Says why a cell does not compile: place, message, the line, and a squiggle under the fault.</summary>
internal static class CompileReport
{
    private const string Name = "Compilation error";

    /// <summary>How cells are parsed.</summary>
    public static readonly CSharpParseOptions ScriptSyntax = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The report of the compiler's errors.</summary>
    public static ErrorOutput From(IEnumerable<Diagnostic> diagnostics, string folder)
    {
        var trace = new List<string>();
        var messages = new List<string>();
        foreach (var error in diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).OrderBy(error => error.Location.SourceSpan.Start))
        {
            var message = $"{error.Id}: {error.GetMessage(CultureInfo.InvariantCulture)}";
            if (error.Location.SourceTree is not { } tree)
            {
                messages.Add(message);
                trace.Add(message);
                continue;
            }

            var span = error.Location.GetLineSpan();
            var line = tree.GetText().Lines[span.StartLinePosition.Line];
            var end = span.EndLinePosition.Line == span.StartLinePosition.Line ? span.EndLinePosition.Character : line.ToString().Length;
            Add(messages, trace, CellPaths.Show(span.Path, folder), span.StartLinePosition.Line, span.StartLinePosition.Character, end, line.ToString(), message);
        }

        return new ErrorOutput(Name, string.Join('\n', messages), trace);
    }

    /// <summary>The report of one fault that lies in a whole line.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="line">The line, from 0.</param>
    /// <param name="text">The line's text.</param>
    /// <param name="message">What is wrong with it.</param>
    public static ErrorOutput Single(Cell cell, int line, string text, string message)
    {
        List<string> messages = [], trace = [];
        Add(messages, trace, cell.Name, line, 0, text.TrimEnd().Length, text, message);
        return new ErrorOutput(Name, messages[0], trace);
    }

    private static void Add(List<string> messages, List<string> trace, string path, int line, int start, int end, string text, string message)
    {
        var place = string.Create(CultureInfo.InvariantCulture, $"{path}, line {line + 1}, column {start + 1}: {message}");
        messages.Add(place);
        trace.Add(place);
        trace.Add("    " + text.TrimEnd());
        var indent = new string([.. text.Take(start).Select(character => character == '\t' ? '\t' : ' ')]);
        trace.Add("    " + indent + new string('~', Math.Max(1, end - start)));
    }
}
