using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Dialect;

/// <summary>
/// Members with <c>[GeneratedRegex]</c>: no source generator writes their bodies in a cell, so they get one that makes the expression.
/// </summary>
internal static class GeneratedRegexes
{
    private static readonly string[] Names = ["GeneratedRegex", "GeneratedRegexAttribute"];

    /// <summary>The changes.</summary>
    public static CodeEdits In(CompilationUnitSyntax root, string code)
    {
        var edits = new CodeEdits(code);
        var lists = root.DescendantNodes().OfType<AttributeListSyntax>()
            .Where(list => list.Attributes is [{ ArgumentList: not null } only] && Names.Contains(LastName(only.Name)));
        foreach (var list in lists)
        {
            // A method at the top level is read as a local function.
            var (modifiers, end) = list.Parent switch
            {
                MethodDeclarationSyntax { Body: null, ExpressionBody: null } method => (method.Modifiers, method.SemicolonToken.Span),
                LocalFunctionStatementSyntax { Body: null, ExpressionBody: null } function =>
                    (function.Modifiers, function.SemicolonToken.Span),
                PropertyDeclarationSyntax { AccessorList: { } accessors } property => (property.Modifiers, accessors.Span),
                _ => default,
            };
            if (end.IsEmpty)
                continue;
            edits.Blank(list.Span);
            foreach (var modifier in modifiers.Where(modifier => modifier.IsKind(SyntaxKind.PartialKeyword)))
                edits.Blank(modifier.Span);
            var arguments = string.Join(", ", list.Attributes[0].ArgumentList!.Arguments.Select(Argument));
            edits.Replace(end, $" => global::FewShot.Kernel.Cells.{nameof(CellRegex)}.{nameof(CellRegex.Of)}({arguments});");
        }

        return edits;
    }

    private static string LastName(NameSyntax name) =>
        name is QualifiedNameSyntax qualified ? qualified.Right.Identifier.Text : name.ToString();

    /// <summary>An argument in one line: a pattern may stand over several.</summary>
    private static string Argument(AttributeArgumentSyntax argument) => CodeEdits.OneLine(argument.ReplaceTokens(
        argument.DescendantTokens().Where(token => token is { Value: string, Parent: LiteralExpressionSyntax }),
        (token, _) => SyntaxFactory.Literal(SymbolDisplay.FormatLiteral((string)token.Value!, quote: true), (string)token.Value!)));
}
