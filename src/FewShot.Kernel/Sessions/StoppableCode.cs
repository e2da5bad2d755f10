using System.Text;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// Lets every loop of a cell ask at each turn whether the cell is to stop, and every function when it is called; lets every await end
/// where the cell does. Code of a file that a cell loads does not. What becomes an expression tree stays as it is: it is read, not run.
/// </summary>
internal sealed class StoppableCode
{
    private const string Cells = "global::FewShot.Kernel.Cells.";
    private const string Check = $"{Cells}{nameof(CellStop)}.{nameof(CellStop.Check)}();";
    private const string Enter = $"{Cells}{nameof(CellStop)}.{nameof(CellStop.Enter)}();";

    // Neither global:: nor a bracket around it all: the one ends the code in "{await x}", the other makes a call of the word await.
    private const string Wait = $"FewShot.Kernel.Cells.{nameof(CellWait)}.{nameof(CellWait.For)}(";
    private const string WaitHere = $"FewShot.Kernel.Cells.{nameof(CellWait)}.{nameof(CellWait.Here)}(";

    // Of insertions at one place those that end something stand first, and of those the inner ones; of beginnings the outer ones.
    private readonly List<(int Position, int Replaced, string Text)> beginnings = [];
    private readonly List<(int Position, int Replaced, string Text)> ends = [];
    private readonly Lazy<SemanticModel> model;

    private StoppableCode(Compilation compilation, SyntaxTree tree) => model = new(() => compilation.GetSemanticModel(tree));

    /// <summary>The cell's code with the questions in it, its lines as they were. Code with faults comes back as it is.</summary>
    /// <param name="compilation">The cell as it was written.</param>
    public static string In(Compilation compilation)
    {
        var tree = compilation.SyntaxTrees.Last();
        var (code, root) = (tree.GetText().ToString(), tree.GetRoot());
        if (root.ContainsDiagnostics)
            return code;
        var stoppable = new StoppableCode(compilation, tree);
        foreach (var node in root.DescendantNodes(node => !stoppable.IsExpressionTree(node)))
            stoppable.Visit(node);
        return stoppable.Apply(code);
    }

    private void Visit(SyntaxNode node)
    {
        switch (node)
        {
            case WhileStatementSyntax loop:
                Repeat(loop.Statement);
                break;
            case DoStatementSyntax loop:
                Repeat(loop.Statement);
                break;
            case ForStatementSyntax loop:
                Repeat(loop.Statement);
                break;
            case CommonForEachStatementSyntax loop:
                Repeat(loop.Statement);
                break;
            case GotoStatementSyntax { RawKind: (int)SyntaxKind.GotoStatement } jump:
                Repeat(jump);
                break;
            case AwaitExpressionSyntax wait when !CleansUp(wait):
                Around(wait.Expression, IsInFunction(wait) ? Wait : WaitHere, ")");
                break;
            case BlockSyntax body when body.Parent is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax
                or AccessorDeclarationSyntax or AnonymousFunctionExpressionSyntax:
                Insert(beginnings, body.OpenBraceToken.Span.End, " " + Enter);
                break;
            case ArrowExpressionClauseSyntax arrow:
                Open(arrow);
                break;
            case LambdaExpressionSyntax { ExpressionBody: { } value } lambda when !IsExpressionTree(lambda):
                Around(value, $"{{ {Start(value, !IsVoid(lambda))}", "; }");
                break;
        }
    }

    private void Repeat(StatementSyntax body)
    {
        var question = CleansUp(body) ? Enter : Check;
        if (body is BlockSyntax block)
            Insert(beginnings, block.OpenBraceToken.Span.End, " " + question);
        else
            Around(body, $"{{ {question} ", " }");
    }

    /// <summary>Makes a body of statements of a body that is one expression.</summary>
    private void Open(ArrowExpressionClauseSyntax arrow)
    {
        var isGetter = arrow.Parent is BasePropertyDeclarationSyntax;
        beginnings.Add((arrow.ArrowToken.SpanStart, arrow.ArrowToken.Span.Length, isGetter ? "{ get {" : "{"));
        Insert(beginnings, arrow.Expression.SpanStart, Start(arrow.Expression, isGetter || ReturnsValue(arrow.Parent)));
        Insert(ends, arrow.GetLastToken().GetNextToken().Span.End, isGetter ? " } }" : " }");
    }

    private static string Start(ExpressionSyntax value, bool returns) =>
        $"{Enter} {(returns && !value.IsKind(SyntaxKind.ThrowExpression) ? "return " : string.Empty)}";

    private static bool ReturnsValue(SyntaxNode? function) => function switch
    {
        MethodDeclarationSyntax method => ReturnsValue(method.ReturnType, method.Modifiers),
        LocalFunctionStatementSyntax local => ReturnsValue(local.ReturnType, local.Modifiers),
        AccessorDeclarationSyntax accessor => accessor.IsKind(SyntaxKind.GetAccessorDeclaration),
        ConstructorDeclarationSyntax or DestructorDeclarationSyntax => false,
        OperatorDeclarationSyntax method => ReturnsValue(method.ReturnType, method.Modifiers),
        _ => true,
    };

    private static bool ReturnsValue(TypeSyntax type, SyntaxTokenList modifiers) => type switch
    {
        PredefinedTypeSyntax { Keyword.RawKind: (int)SyntaxKind.VoidKeyword } => false,
        // An async function that returns a task returns what the task gives, if anything.
        QualifiedNameSyntax qualified => ReturnsValue(qualified.Right, modifiers),
        _ => type is GenericNameSyntax || !modifiers.Any(SyntaxKind.AsyncKeyword),
    };

    private bool IsVoid(LambdaExpressionSyntax lambda) =>
        model.Value.GetSymbolInfo(lambda).Symbol is IMethodSymbol method
        && (method.ReturnsVoid || (method.IsAsync && method.ReturnType is INamedTypeSymbol { Arity: 0 }));

    private bool IsExpressionTree(SyntaxNode node) =>
        node is LambdaExpressionSyntax lambda
        && model.Value.GetTypeInfo(lambda).ConvertedType?.ContainingNamespace?.ToDisplayString() == "System.Linq.Expressions";

    /// <summary>Whether code frees what other code used, and should be let do so when the cell stops.</summary>
    private static bool CleansUp(SyntaxNode node) => node.Ancestors().Any(outer =>
        outer is FinallyClauseSyntax or DestructorDeclarationSyntax
            or MethodDeclarationSyntax { Identifier.ValueText: "Dispose" or "DisposeAsync" });

    private static bool IsInFunction(SyntaxNode node) => node.Ancestors().Any(outer =>
        outer is AnonymousFunctionExpressionSyntax or LocalFunctionStatementSyntax or MethodDeclarationSyntax or TypeDeclarationSyntax);

    private void Around(SyntaxNode node, string before, string after)
    {
        Insert(beginnings, node.SpanStart, before);
        Insert(ends, node.Span.End, after);
    }

    private static void Insert(List<(int Position, int Replaced, string Text)> insertions, int position, string text) =>
        insertions.Add((position, 0, text));

    private string Apply(string code)
    {
        var (result, done) = (new StringBuilder(), 0);
        foreach (var (position, replaced, text) in ends.AsEnumerable().Reverse().Concat(beginnings).OrderBy(each => each.Position))
        {
            _ = result.Append(code, done, position - done).Append(text);
            done = position + replaced;
        }

        return result.Append(code, done, code.Length - done).ToString();
    }
}
