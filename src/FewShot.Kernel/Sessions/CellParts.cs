using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Sessions;

/// <summary>A part of a cell.</summary>
internal abstract record CellPart;

/// <summary>C# to run.</summary>
/// <param name="Code">The code, with blank lines before it in place of what belongs to other parts, so that line numbers hold.</param>
internal sealed record CodePart(string Code) : CellPart;

/// <summary>A text to show.</summary>
/// <param name="Data">It by MIME type.</param>
internal sealed record TextPart(IReadOnlyDictionary<string, string> Data) : CellPart;

/// <summary>A notebook or script whose code is run here.</summary>
/// <param name="Path">Its name as the cell gives it.</param>
/// <param name="Line">Where, from 0.</param>
/// <param name="Text">That line.</param>
internal sealed record ImportPart(string Path, int Line, string Text) : CellPart;

/// <summary>Packages to have before the code that follows.</summary>
/// <param name="Requests">Which, at least one.</param>
/// <param name="Line">The line of the first, from 0.</param>
/// <param name="Text">That line.</param>
internal sealed record PackagePart(IReadOnlyList<PackageRequest> Requests, int Line, string Text) : CellPart;

/// <summary>
/// Divides a cell at its lines of <c>#!</c>, as .NET notebooks write them: <c>#!markdown</c>, <c>#!html</c>, <c>#!javascript</c> and <c>#!mermaid</c>
/// make a text of what follows, <c>#!csharp</c> ends that, <c>#!import PATH</c> stands alone, <c>#!time</c> times the whole cell.
/// </summary>
/// <param name="Parts">In the order of the cell.</param>
/// <param name="IsTimed">Whether the time is wanted.</param>
internal sealed record CellParts(IReadOnlyList<CellPart> Parts, bool IsTimed)
{
    private const string Time = "#!time", Import = "#!import";

    private static readonly string[] CodeWords = ["#!csharp", "#!c#"];

    private static readonly string Known = string.Join(", ", TextForms.Words.Concat([CodeWords[0], Import, Time]).Order(StringComparer.Ordinal));

    /// <returns>The parts, or the error that keeps the cell from being run.</returns>
    public static (CellParts? Parts, ErrorOutput? Error) Read(Cell cell)
    {
        List<CellPart> parts = [];
        if (!cell.Text.Contains("#!", StringComparison.Ordinal))
            return AddCode(cell, cell.Text, parts) is { } fault ? (null, fault) : (new CellParts(parts, false), null);
        var lines = cell.Text.Split('\n');
        var (isTimed, start, text) = (false, 0, (string?)null);
        for (var i = 0; i < lines.Length; i++)
        {
            var word = lines[i].StartsWith("#!", StringComparison.Ordinal) ? lines[i].Split((char[]?)null, 2)[0] : string.Empty;
            if (word.Length == 0 || (text is null && IsInsideText(lines, start, i)))
                continue;
            if (word == Time)
            {
                isTimed = true;
                lines[i] = string.Empty;
            }
            else if (word == Import || CodeWords.Contains(word) || TextForms.Words.Contains(word))
            {
                if (End(i) is { } fault)
                    return (null, fault);
                if (word == Import)
                    parts.Add(new ImportPart(lines[i][word.Length..].Trim().Trim('"'), i, lines[i]));
                (start, text) = (i + 1, TextForms.Words.Contains(word) ? word : null);
            }
            else if (text is null)
            {
                // In a text this is no fault: "#!/bin/sh" may stand in a page about shells.
                return (null, CompileReport.Single(cell, i, lines[i], $"{word} is not known here; known are {Known}."));
            }
        }

        return End(lines.Length) is { } last ? (null, last) : (new CellParts(parts, isTimed), null);

        ErrorOutput? End(int end)
        {
            var own = lines[start..end];
            if (own.All(string.IsNullOrWhiteSpace))
                return null;
            if (text is not null)
            {
                parts.Add(new TextPart(TextForms.Of(text, string.Join('\n', own).Trim('\n', '\r'))));
                return null;
            }

            return AddCode(cell, new string('\n', start) + string.Join('\n', own), parts);
        }
    }

    /// <summary>Whether a line of code starts inside a string or a comment, where <c>#!</c> is only text.</summary>
    private static bool IsInsideText(string[] lines, int start, int line)
    {
        var before = string.Concat(lines[start..line].Select(each => each + "\n"));
        var root = CSharpSyntaxTree.ParseText(before + string.Join('\n', lines[line..]), CompileReport.ScriptSyntax).GetRoot();
        var token = root.FindToken(before.Length);
        if (token.SpanStart < before.Length && before.Length < token.Span.End)
            return true;
        var trivia = root.FindTrivia(before.Length);
        return trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && trivia.SpanStart < before.Length;
    }

    /// <summary>Adds code, and before it the packages that it asks for: the compiler is not to see those lines.</summary>
    private static ErrorOutput? AddCode(Cell cell, string code, List<CellPart> parts)
    {
        var directives = code.Contains("#r", StringComparison.Ordinal)
            ? SyntaxFactory.ParseCompilationUnit(code, options: CompileReport.ScriptSyntax).GetReferenceDirectives().Where(directive => PackageRequest.IsOne(directive.File.ValueText)).ToList()
            : [];
        if (directives.Count > 0)
        {
            var lines = code.Split('\n');
            var places = directives.Select(directive => directive.GetLocation().GetLineSpan().StartLinePosition.Line).ToList();
            var requests = new List<PackageRequest>();
            foreach (var (directive, line) in directives.Zip(places))
            {
                if (PackageRequest.Read(directive.File.ValueText) is not { } request)
                    return CompileReport.Single(cell, line, lines[line], "this names no package, or no version; write #r \"nuget: Name\" or #r \"nuget: Name, 1.2.3\".");
                requests.Add(request);
            }

            parts.Add(new PackagePart(requests, places[0], lines[places[0]]));
            foreach (var line in places)
                lines[line] = string.Empty;
            code = string.Join('\n', lines);
        }

        parts.Add(new CodePart(code));
        return null;
    }
}
