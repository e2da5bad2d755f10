using System.Text.Json.Nodes;
using FewShot.Kernel.Sessions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Jupyter;

/// <summary>Whether code may be run as it stands, or goes on on the next line: consoles ask when Enter is pressed.</summary>
internal static class CodeCompleteness
{
    public static JsonObject Answer(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, CompileReport.ScriptSyntax);
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return new JsonObject { ["status"] = "incomplete", ["indent"] = new string(' ', 4 * Math.Max(0, Depth(tree))) };
        return new JsonObject { ["status"] = tree.GetDiagnostics().Any(fault => fault.Severity == DiagnosticSeverity.Error) ? "invalid" : "complete" };
    }

    private static int Depth(SyntaxTree tree) => tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing).Sum(token => token.Kind() switch
    {
        SyntaxKind.OpenBraceToken => 1,
        SyntaxKind.CloseBraceToken => -1,
        _ => 0,
    });
}
