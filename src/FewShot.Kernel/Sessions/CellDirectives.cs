using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Sessions;

/// <summary>What stands in a notebook's cell but is not C#: lines of <c>#!</c>, and references to packages.</summary>
internal static class CellDirectives
{
    /// <summary>Blanks <c>#!csharp</c> lines, keeping every other line where it is.</summary>
    /// <returns>The code to compile, or the error that keeps it from being compiled.</returns>
    public static (string Code, ErrorOutput? Error) Read(Cell cell)
    {
        if (!cell.Text.Contains("#!", StringComparison.Ordinal) && !cell.Text.Contains("#r", StringComparison.Ordinal))
            return (cell.Text, null);
        var lines = cell.Text.Split('\n');
        var insideString = StringLines(cell.Text);
        for (var i = 0; i < lines.Length; i++)
        {
            if (insideString.Contains(i) || !lines[i].StartsWith("#!", StringComparison.Ordinal))
                continue;
            var word = lines[i].Trim().Split(' ')[0];
            if (word is not ("#!csharp" or "#!c#"))
                return (cell.Text, CompileReport.Single(cell, i, lines[i], $"{word} is not known here. Write C#; #!csharp is the only such line that this runner takes."));
            lines[i] = string.Empty;
        }

        var code = string.Join('\n', lines);
        var package = SyntaxFactory.ParseCompilationUnit(code, options: CompileReport.ScriptSyntax)
            .GetReferenceDirectives()
            .FirstOrDefault(directive => directive.File.ValueText.StartsWith("nuget:", StringComparison.OrdinalIgnoreCase));
        return package is null ? (code, null) : (code, Package(cell, lines, package));
    }

    private static ErrorOutput Package(Cell cell, string[] lines, ReferenceDirectiveTriviaSyntax directive)
    {
        var line = directive.GetLocation().GetLineSpan().StartLinePosition.Line;
        return CompileReport.Single(
            cell, line, lines[line], "packages are not fetched here: what the course needs is referenced already. Remove the line, or name a file: #r \"path/to/library.dll\".");
    }

    /// <summary>The lines (from 0) that start inside a string or a comment, where <c>#!</c> is only text.</summary>
    private static HashSet<int> StringLines(string text)
    {
        var tree = CSharpSyntaxTree.ParseText(text, CompileReport.ScriptSyntax);
        var spans = tree.GetRoot().DescendantTokens().Select(token => token.Span)
            .Concat(tree.GetRoot().DescendantTrivia().Where(trivia => trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)).Select(trivia => trivia.Span));
        return [.. spans.Select(span => tree.GetLineSpan(span)).SelectMany(
            span => Enumerable.Range(span.StartLinePosition.Line + 1, span.EndLinePosition.Line - span.StartLinePosition.Line))];
    }
}
