using System.Text;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// Lets every loop of a cell ask at each turn whether the cell is to stop. Loops of a file that a cell loads do not.
/// </summary>
internal static class StoppableLoops
{
    private const string Check = $"global::FewShot.Kernel.Cells.{nameof(CellStop)}.{nameof(CellStop.Check)}();";

    private static readonly string[] Words = ["while", "do", "for", "goto"];

    /// <summary>
    /// The code with the question at the start of each loop's body, its lines as they were. Code with faults comes back as it is.
    /// </summary>
    /// <param name="code">C# script code.</param>
    public static string In(string code)
    {
        if (!Words.Any(word => code.Contains(word, StringComparison.Ordinal)))
            return code;
        var root = CSharpSyntaxTree.ParseText(code, CompileReport.ScriptSyntax).GetRoot();
        if (root.ContainsDiagnostics)
            return code;
        var insertions = root.DescendantNodes()
            .Select(Repeated)
            .OfType<StatementSyntax>()
            .SelectMany(Insertions)
            .OrderBy(insertion => insertion.Position);
        var (result, done) = (new StringBuilder(), 0);
        foreach (var (position, text) in insertions)
        {
            _ = result.Append(code, done, position - done).Append(text);
            done = position;
        }

        return result.Append(code, done, code.Length - done).ToString();
    }

    private static StatementSyntax? Repeated(SyntaxNode node) => node switch
    {
        WhileStatementSyntax loop => loop.Statement,
        DoStatementSyntax loop => loop.Statement,
        ForStatementSyntax loop => loop.Statement,
        CommonForEachStatementSyntax loop => loop.Statement,
        GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement } jump => jump,
        _ => null,
    };

    private static IEnumerable<(int Position, string Text)> Insertions(StatementSyntax body) => body is BlockSyntax block
        ? [(block.OpenBraceToken.Span.End, " " + Check)]
        : [(body.SpanStart, $"{{ {Check} "), (body.Span.End, " }")];
}
