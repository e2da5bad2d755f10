using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Cells;

/// <summary>What is wrong with a cell.</summary>
/// <param name="Message">The reason.</param>
/// <param name="Place">Where; null where it lies in no line.</param>
internal sealed record CompileFault(string Message, CompilePlace? Place);

/// <summary>A piece of a line.</summary>
/// <param name="Path">The file or cell, as a reader knows it.</param>
/// <param name="Line">The line, from 0.</param>
/// <param name="Start">Its first character, from 0.</param>
/// <param name="End">The one after its last.</param>
/// <param name="Text">The whole line.</param>
internal sealed record CompilePlace(string Path, int Line, int Start, int End, string Text);

/// <summary>Says why a cell does not compile: place, message, the line, and a squiggle under the fault.</summary>
internal static class CompileReport
{
    private const string Name = "Compilation error";

    /// <summary>How cells are parsed.</summary>
    public static readonly CSharpParseOptions ScriptSyntax = new(LanguageVersion.Latest, DocumentationMode.None, SourceCodeKind.Script);

    /// <summary>The report of one fault that lies in a whole line.</summary>
    /// <param name="cell">The cell.</param>
    /// <param name="line">The line, from 0.</param>
    /// <param name="text">The line's text.</param>
    /// <param name="message">What is wrong with it.</param>
    public static ErrorOutput Single(Cell cell, int line, string text, string message) =>
        Of([new CompileFault(message, new CompilePlace(cell.Name, line, 0, text.TrimEnd().Length, text))]);

    /// <summary>The report of these faults, in this order.</summary>
    public static ErrorOutput Of(IEnumerable<CompileFault> faults)
    {
        List<string> messages = [], trace = [];
        foreach (var (message, place) in faults)
        {
            var whole = place is null
                ? message
                : string.Create(
                    CultureInfo.InvariantCulture, $"{place.Path}, line {place.Line + 1}, column {place.Start + 1}: {message}");
            messages.Add(whole);
            trace.Add(whole);
            if (place is not null)
                trace.AddRange(Squiggle(place));
        }

        return new ErrorOutput(Name, string.Join('\n', messages), trace);
    }

    private static IEnumerable<string> Squiggle(CompilePlace place)
    {
        var indent = new string([.. place.Text.Take(place.Start).Select(character => character == '\t' ? '\t' : ' ')]);
        return ["    " + place.Text.TrimEnd(), "    " + indent + new string('~', Math.Max(1, place.End - place.Start))];
    }
}
