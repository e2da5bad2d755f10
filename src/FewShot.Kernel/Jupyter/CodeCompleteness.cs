using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Dialect;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FewShot.Kernel.Jupyter;

/// <summary>Whether code may be run as it stands, or goes on on the next line: consoles ask when Enter is pressed.</summary>
internal static partial class CodeCompleteness
{
    // An F# line that ends with one of these begins something that goes on in the next line.
    private static readonly string[] Openers = ["=", "->", "(", "[", "{", "|", ",", "|>", "do", "then", "else", "with", "try"];

    // Of what earlier cells declared, nothing counts here.
    private static readonly ScriptDialect Dialect = new(new CellNamespaces(_ => false));

    public static JsonObject Answer(string code) =>
        CellLanguages.IsTextAt(code, code.Length) ? new JsonObject { ["status"] = "complete" }
        : CellLanguages.IsFSharpAt(code, code.Length) ? AnswerFSharp(CellLanguages.OnlyFSharp(code))
        : AnswerCSharp(Dialect.Of(Directive().Replace(CellLanguages.WithoutFSharp(code), string.Empty)).Code);

    /// <summary>
    /// By the last line: an F# block goes on until one that is not indented. Nothing is called invalid, as F# is not loaded for this.
    /// </summary>
    private static JsonObject AnswerFSharp(string code)
    {
        var last = code.Split('\n')[^1];
        var isOpen = string.IsNullOrWhiteSpace(code)
            || (!string.IsNullOrWhiteSpace(last)
                && (char.IsWhiteSpace(last[0])
                    || Openers.Contains(last.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^1])));
        return isOpen
            ? new JsonObject { ["status"] = "incomplete", ["indent"] = new string(' ', string.IsNullOrWhiteSpace(code) ? 0 : 4) }
            : new JsonObject { ["status"] = "complete" };
    }

    private static JsonObject AnswerCSharp(string code)
    {
        var tree = CSharpSyntaxTree.ParseText(code, CompileReport.ScriptSyntax);
        if (!SyntaxFactory.IsCompleteSubmission(tree))
            return new JsonObject { ["status"] = "incomplete", ["indent"] = new string(' ', 4 * Math.Max(0, Depth(tree))) };
        var isInvalid = tree.GetDiagnostics().Any(fault => fault.Severity == DiagnosticSeverity.Error);
        return new JsonObject { ["status"] = isInvalid ? "invalid" : "complete" };
    }

    private static int Depth(SyntaxTree tree) =>
        tree.GetRoot().DescendantTokens().Where(token => !token.IsMissing).Sum(token => token.Kind() switch
        {
            SyntaxKind.OpenBraceToken => 1,
            SyntaxKind.CloseBraceToken => -1,
            _ => 0,
        });

    /// <summary>A line that names an assembly, a package or a source of them: it may stand anywhere.</summary>
    [GeneratedRegex(@"^\s*#[ri]\s.*$", RegexOptions.Multiline)]
    private static partial Regex Directive();
}
