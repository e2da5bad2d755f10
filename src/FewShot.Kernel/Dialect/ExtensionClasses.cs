using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Dialect;

/// <summary>
/// Static classes of extension methods. In a script a class is a nested one, which may have none; the script itself may. So each such
/// method becomes a plain one, and the script gets an extension method that calls it, on the line where the class ends.
/// </summary>
internal static class ExtensionClasses
{
    /// <summary>The changes.</summary>
    public static CodeEdits In(CompilationUnitSyntax root, string code)
    {
        var edits = new CodeEdits(code);
        var classes = root.Members.OfType<ClassDeclarationSyntax>()
            .Where(type => type is { TypeParameterList: null, CloseBraceToken.IsMissing: false }
                && type.Modifiers.Any(SyntaxKind.StaticKeyword));
        foreach (var type in classes)
        {
            foreach (var method in type.Members.OfType<MethodDeclarationSyntax>())
            {
                if (This(method) is not { } keyword)
                    continue;
                edits.Blank(keyword.Span);
                if (method.Modifiers.FirstOrDefault(modifier => modifier.IsKind(SyntaxKind.PrivateKeyword)) is { RawKind: not 0 } hidden)
                    edits.Replace(hidden.Span, "internal");
                else if (!method.Modifiers.Any(modifier => SyntaxFacts.IsAccessibilityModifier(modifier.Kind())))
                    edits.Insert(method.Modifiers[0].SpanStart, "internal ");
                edits.Insert(type.Span.End, " " + Forwarder(type, method), Advice(type, method));
            }
        }

        return edits;
    }

    private static SyntaxToken? This(MethodDeclarationSyntax method) =>
        method.ParameterList.Parameters is [var first, ..] && method.Modifiers.Any(SyntaxKind.StaticKeyword)
        && first.Modifiers.FirstOrDefault(modifier => modifier.IsKind(SyntaxKind.ThisKeyword)) is { RawKind: not 0 } keyword
            ? keyword
            : null;

    private static string Forwarder(ClassDeclarationSyntax type, MethodDeclarationSyntax method)
    {
        var generic = method.TypeParameterList is { } parameters
            ? $"<{string.Join(", ", parameters.Parameters.Select(parameter => parameter.Identifier.Text))}>"
            : string.Empty;
        var arguments = string.Join(
            ", ", method.ParameterList.Parameters.Select(parameter => Passing(parameter) + parameter.Identifier.Text));
        var constraints = string.Concat(method.ConstraintClauses.Select(clause => " " + CodeEdits.OneLine(clause)));
        return $"[global::System.Diagnostics.StackTraceHidden] static {CodeEdits.OneLine(method.ReturnType)} {method.Identifier.Text}"
            + $"{generic}{CodeEdits.OneLine(method.ParameterList)}{constraints}"
            + $" => {(method.ReturnType is RefTypeSyntax ? "ref " : string.Empty)}"
            + $"{type.Identifier.Text}.{method.Identifier.Text}{generic}({arguments});";
    }

    private static string Passing(ParameterSyntax parameter) =>
        parameter.Modifiers.Any(SyntaxKind.OutKeyword) ? "out "
        : parameter.Modifiers.Any(SyntaxKind.InKeyword) || parameter.Modifiers.Any(SyntaxKind.ReadOnlyKeyword) ? "in "
        : parameter.Modifiers.Any(SyntaxKind.RefKeyword) ? "ref "
        : string.Empty;

    private static string Advice(ClassDeclarationSyntax type, MethodDeclarationSyntax method) =>
        $"the extension method {method.Identifier.Text} cannot be had from the class {type.Identifier.Text} in a cell. "
        + $"Write it at the top level of the cell, without the class around it: static ... {method.Identifier.Text}(this ...).";
}
