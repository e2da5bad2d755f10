using FewShot.Kernel.Cells;
using FewShot.Kernel.FSharpCells;
using FewShot.Kernel.Packages;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Sessions;

/// <summary>A part of a cell.</summary>
internal abstract record CellPart;

/// <summary>A part of a cell that is C# code to run.</summary>
/// <param name="Code">The code, with blank lines before it in place of what belongs to other parts, so that line numbers hold.</param>
internal sealed record CodePart(string Code) : CellPart;

/// <summary>A part of a cell that is F# code to run.</summary>
/// <inheritdoc cref="CodePart"/>
internal sealed record FSharpPart(string Code) : CellPart;

/// <summary>A part of a cell that is a text to show, not to run.</summary>
/// <param name="Data">The text in each form, by MIME type.</param>
internal sealed record TextPart(IReadOnlyDictionary<string, string> Data) : CellPart;

/// <summary>A notebook or script whose code is run here.</summary>
/// <param name="Path">Its name as the cell gives it.</param>
/// <param name="Line">Where, from 0.</param>
/// <param name="Text">That line.</param>
internal sealed record ImportPart(string Path, int Line, string Text) : CellPart;

/// <summary>Packages to have before the code that follows.</summary>
/// <param name="Requests">Which.</param>
/// <param name="Sources">Where to look for these and later ones, besides the configured sources.</param>
/// <param name="Line">The line of the first, from 0.</param>
/// <param name="Text">That line.</param>
internal sealed record PackagePart(
    IReadOnlyList<PackageRequest> Requests, IReadOnlyList<PackageSource> Sources, int Line, string Text) : CellPart;

/// <summary>An assembly that the code that follows references by its file.</summary>
/// <param name="File">Its name as the cell gives it.</param>
/// <param name="Line">Where, from 0.</param>
/// <param name="Text">That line.</param>
internal sealed record LibraryPart(string File, int Line, string Text) : CellPart;

/// <summary>
/// Divides a cell at its lines of <c>#!</c>, as .NET notebooks write them: <c>#!markdown</c>, <c>#!html</c>, <c>#!javascript</c> and
/// <c>#!mermaid</c> make a text of what follows, <c>#!fsharp</c> makes F# of it, <c>#!csharp</c> ends that, <c>#!import PATH</c> stands
/// alone, <c>#!time</c> times the whole cell, and the words of <see cref="MagicWords"/> stand for code.
/// </summary>
/// <param name="Parts">In the order of the cell.</param>
/// <param name="IsTimed">Whether the time is wanted.</param>
internal sealed record CellParts(IReadOnlyList<CellPart> Parts, bool IsTimed)
{
    private const string NoPackage = "this names no package, or no version; write #r \"nuget: Name\" or #r \"nuget: Name, 1.2.3\".",
        NoSource = "this names no source of packages; write #i \"nuget: https://...\", or a folder in place of the address.";

    /// <returns>The parts, or the error that keeps the cell from being run.</returns>
    public static (CellParts? Parts, ErrorOutput? Error) Read(Cell cell)
    {
        List<CellPart> parts = [];
        if (!cell.Text.Contains("#!", StringComparison.Ordinal))
            return AddCSharp(cell, cell.Text, parts) is { } fault ? (null, fault) : (new CellParts(parts, false), null);
        var lines = cell.Text.Split('\n');
        var (isTimed, start, heading) = (false, 0, CellLanguages.CSharp);
        for (var i = 0; i < lines.Length; i++)
        {
            var word = CellLanguages.Word(lines[i]);
            if (word.Length == 0 || IsInsideText(heading, lines, start, i))
                continue;
            if (word == CellWords.Time)
            {
                isTimed = true;
                lines[i] = string.Empty;
            }
            else if (CellLanguages.IsHeading(word))
            {
                if (End(i) is { } fault)
                    return (null, fault);
                if (word == CellLanguages.Import)
                    parts.Add(new ImportPart(lines[i][word.Length..].Trim().Trim('"'), i, lines[i]));
                (start, heading) = (i + 1, word == CellLanguages.Import ? CellLanguages.CSharp : word);
            }
            else if (MagicWords.All.Contains(word) && !TextForms.Words.Contains(heading))
            {
                var next = word == MagicWords.Value ? NextHeading(lines, i + 1) : i + 1;
                if ((End(i) ?? AddCommand(cell, lines, i, next, heading, parts)) is { } fault)
                    return (null, fault);
                start = next;
                i = next - 1;
            }
            else if (!TextForms.Words.Contains(heading))
            {
                // In a text this is no fault: "#!/bin/sh" may stand in a page about shells.
                var known = string.Join(", ", CellWords.Known);
                return (null, CompileReport.Single(cell, i, lines[i], $"{word} is not known here; known are {known}."));
            }
        }

        return End(lines.Length) is { } last ? (null, last) : (new CellParts(parts, isTimed), null);

        ErrorOutput? End(int end)
        {
            var own = lines[start..end];
            if (own.All(string.IsNullOrWhiteSpace))
                return null;
            if (TextForms.Words.Contains(heading))
            {
                parts.Add(new TextPart(TextForms.Of(heading, string.Join('\n', own).Trim('\n', '\r'))));
                return null;
            }

            var code = new string('\n', start) + string.Join('\n', own);
            return CellLanguages.IsFSharp(heading) ? AddFSharp(cell, code, parts) : AddCSharp(cell, code, parts);
        }
    }

    private static int NextHeading(string[] lines, int from)
    {
        var place = Array.FindIndex(lines, from, line => CellLanguages.IsHeading(CellLanguages.Word(line)));
        return place < 0 ? lines.Length : place;
    }

    private static ErrorOutput? AddCommand(Cell cell, string[] lines, int line, int next, string heading, List<CellPart> parts)
    {
        var body = string.Join('\n', lines[(line + 1)..next]).Trim('\n', '\r');
        var (code, isFSharp, fault) = MagicCommand.Read(lines[line], CellLanguages.IsFSharp(heading), body).Code();
        if (code is null)
            return CompileReport.Single(cell, line, lines[line], $"{fault}.");
        var placed = new string('\n', line) + code;
        return Add(isFSharp ? new FSharpPart(placed) : new CodePart(placed), parts);
    }

    /// <summary>Whether a line of code starts inside a string or a comment, where <c>#!</c> is only text.</summary>
    private static bool IsInsideText(string heading, string[] lines, int start, int line) =>
        CellLanguages.IsCSharp(heading)
            ? IsInsideCSharpText(lines, start, line)
            : CellLanguages.IsFSharp(heading) && FSharpSource.EndsInText(lines[start..line]);

    private static bool IsInsideCSharpText(string[] lines, int start, int line)
    {
        var before = string.Concat(lines[start..line].Select(each => each + "\n"));
        var root = CSharpSyntaxTree.ParseText(before + string.Join('\n', lines[line..]), CompileReport.ScriptSyntax).GetRoot();
        var token = root.FindToken(before.Length);
        if (token.SpanStart < before.Length && before.Length < token.Span.End)
            return true;
        var trivia = root.FindTrivia(before.Length);
        return trivia.IsKind(SyntaxKind.MultiLineCommentTrivia) && trivia.SpanStart < before.Length;
    }

    private static ErrorOutput? AddCSharp(Cell cell, string code, List<CellPart> parts)
    {
        var directives = ReferenceDirective.InCSharp(code);
        if (AddPackages(cell, directives, ref code, parts) is { } fault)
            return fault;
        var lines = code.Split('\n');
        foreach (var directive in directives.Where(directive => !directive.IsOfPackages))
        {
            parts.Add(new LibraryPart(directive.Reference, directive.Line, lines[directive.Line]));
            if (!directive.IsBelowCode)
                continue;
            // A script has its references above all code.
            parts.Add(new CodePart(new string('\n', directive.Line) + lines[directive.Line].TrimStart()));
            lines[directive.Line] = string.Empty;
        }

        return Add(new CodePart(string.Join('\n', lines)), parts);
    }

    private static ErrorOutput? AddFSharp(Cell cell, string code, List<CellPart> parts) =>
        AddPackages(cell, ReferenceDirective.InFSharp(code), ref code, parts) is { } fault ? fault : Add(new FSharpPart(code), parts);

    private static ErrorOutput? Add(CellPart part, List<CellPart> parts)
    {
        parts.Add(part);
        return null;
    }

    /// <summary>Adds the packages that code asks for, and takes their lines out of it: no compiler is to see those.</summary>
    private static ErrorOutput? AddPackages(
        Cell cell, IReadOnlyList<ReferenceDirective> directives, ref string code, List<CellPart> parts)
    {
        var wanted = directives.Where(directive => directive.IsOfPackages).ToList();
        if (wanted.Count == 0)
            return null;
        var lines = code.Split('\n');
        var (requests, sources) = (new List<PackageRequest>(), new List<PackageSource>());
        foreach (var directive in wanted)
        {
            if (directive.IsSource && PackageSource.Read(directive.Reference) is { } source)
                sources.Add(source);
            else if (!directive.IsSource && PackageRequest.Read(directive.Reference) is { } request)
                requests.Add(request);
            else
                return CompileReport.Single(cell, directive.Line, lines[directive.Line], directive.IsSource ? NoSource : NoPackage);
        }

        parts.Add(new PackagePart(requests, sources, wanted[0].Line, lines[wanted[0].Line]));
        foreach (var directive in wanted)
            lines[directive.Line] = string.Empty;
        code = string.Join('\n', lines);
        return null;
    }
}
