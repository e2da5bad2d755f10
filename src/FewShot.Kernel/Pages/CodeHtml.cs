using System.Net;
using System.Text;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Pages;

/// <summary>C# code as HTML, coloured by the compiler's own tokens.</summary>
internal static class CodeHtml
{
    public static string Render(string code)
    {
        var html = new StringBuilder();
        var root = CSharpSyntaxTree.ParseText(code, CompileReport.ScriptSyntax).GetRoot();
        foreach (var token in root.DescendantTokens(descendIntoTrivia: false))
        {
            foreach (var trivia in token.LeadingTrivia)
                Append(html, trivia.ToFullString(), Style(trivia));
            Append(html, token.Text, Style(token));
            foreach (var trivia in token.TrailingTrivia)
                Append(html, trivia.ToFullString(), Style(trivia));
        }

        return html.ToString();
    }

    private static string? Style(SyntaxTrivia trivia) =>
        trivia.IsKind(SyntaxKind.SingleLineCommentTrivia)
            || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
            || trivia.IsKind(SyntaxKind.SingleLineDocumentationCommentTrivia) ? "c"
        : trivia.IsDirective ? "k" : null;

    private static string? Style(SyntaxToken token) => token.Kind() switch
    {
        SyntaxKind.NumericLiteralToken => "n",
        SyntaxKind.StringLiteralToken or SyntaxKind.CharacterLiteralToken
            or SyntaxKind.InterpolatedStringStartToken or SyntaxKind.InterpolatedStringTextToken or SyntaxKind.InterpolatedStringEndToken
            or SyntaxKind.SingleLineRawStringLiteralToken or SyntaxKind.MultiLineRawStringLiteralToken
            or SyntaxKind.InterpolatedVerbatimStringStartToken or SyntaxKind.InterpolatedSingleLineRawStringStartToken
            or SyntaxKind.InterpolatedMultiLineRawStringStartToken or SyntaxKind.InterpolatedRawStringEndToken => "s",
        _ when token.IsKeyword() || token.IsContextualKeyword() || token.Text == "var" => "k",
        _ => null,
    };

    private static void Append(StringBuilder html, string text, string? style)
    {
        if (style is null)
            html.Append(WebUtility.HtmlEncode(text));
        else
            html.Append("<span class=\"").Append(style).Append("\">").Append(WebUtility.HtmlEncode(text)).Append("</span>");
    }
}
