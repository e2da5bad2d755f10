using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>
/// <c>using var</c> at the top level of a cell, which scripts do not have: the variable is one of the cell's, as all are, and disposed of
/// when the cell ends.
/// </summary>
internal static class TopLevelUsings
{
    /// <summary>The changes.</summary>
    public static CodeEdits In(CompilationUnitSyntax root, string code)
    {
        var edits = new CodeEdits(code);
        var declarations = root.Members.OfType<GlobalStatementSyntax>()
            .Select(member => member.Statement)
            .OfType<LocalDeclarationStatementSyntax>()
            // Where a using directive lacks its semicolon, what follows may be read as part of such a declaration.
            .Where(statement => statement.UsingKeyword.IsKind(SyntaxKind.UsingKeyword)
                && (statement.SemicolonToken.IsMissing || !statement.ContainsDiagnostics));
        foreach (var declaration in declarations)
        {
            var isAsync = declaration.AwaitKeyword.IsKind(SyntaxKind.AwaitKeyword);
            var start = isAsync ? declaration.AwaitKeyword : declaration.UsingKeyword;
            edits.Blank(TextSpan.FromBounds(start.SpanStart, declaration.UsingKeyword.Span.End));
            if (declaration.SemicolonToken.IsMissing)
                continue;
            var variables = declaration.Declaration.Variables;
            for (var i = 0; i < variables.Count; i++)
            {
                var name = variables[i].Identifier.Text;
                var keep = $"global::FewShot.Kernel.Cells.{nameof(CellUsing)}."
                    + $"{(isAsync ? nameof(CellUsing.KeepAsync) : nameof(CellUsing.Keep))}({name});";
                var advice = isAsync
                    ? $"'{name}' cannot be disposed of: its type is no IAsyncDisposable. Leave 'await using' away."
                    : $"'{name}' cannot be disposed of: its type is no IDisposable. Leave 'using' away.";
                if (i == variables.Count - 1)
                    edits.Insert(declaration.Span.End, " " + keep, advice);
                else
                    edits.Replace(variables.GetSeparator(i).Span, $"; {keep} {CodeEdits.OneLine(declaration.Declaration.Type)}");
            }
        }

        return edits;
    }
}
