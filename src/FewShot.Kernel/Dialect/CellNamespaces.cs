using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>
/// Namespaces, which scripts do not have: what one holds becomes the cell's own, known to all later cells by its bare name. For code that
/// names the namespace all the same, in a using directive or before a type, this remembers what was declared where.
/// </summary>
/// <param name="exists">Whether the assemblies that cells reference have a namespace of that name.</param>
internal sealed class CellNamespaces(Func<string, bool> exists)
{
    private readonly Dictionary<string, HashSet<string>> declared = new(StringComparer.Ordinal);

    /// <summary>Whether code need be looked at.</summary>
    public bool Concern(string code) =>
        declared.Count > 0
        || code.Contains("namespace", StringComparison.Ordinal)
        || code.Contains("file ", StringComparison.Ordinal);

    /// <summary>The changes.</summary>
    public CodeEdits In(CompilationUnitSyntax root, string code)
    {
        var edits = new CodeEdits(code);
        var hoisted = new List<string>();
        var isBelowCode = false;
        Open(root.Members, string.Empty);
        foreach (var directive in root.DescendantNodes().OfType<UsingDirectiveSyntax>())
            Leave(directive);
        foreach (var name in root.DescendantNodes(node => Prefix(node) is null).Select(Prefix).OfType<TextSpan>())
            edits.Blank(name);
        if (hoisted.Count > 0)
            edits.Insert(root.GetFirstToken().SpanStart, string.Concat(hoisted.Distinct().Select(directive => directive + " ")));
        return edits;

        void Open(SyntaxList<MemberDeclarationSyntax> members, string outer)
        {
            foreach (var member in members)
            {
                if (member is BaseNamespaceDeclarationSyntax space)
                {
                    OpenOne(space, outer.Length == 0 ? space.Name.ToString() : $"{outer}.{space.Name}");
                    continue;
                }

                isBelowCode = true;
                var (name, modifiers) = member switch
                {
                    BaseTypeDeclarationSyntax type => (type.Identifier.Text, type.Modifiers),
                    DelegateDeclarationSyntax type => (type.Identifier.Text, type.Modifiers),
                    _ => default,
                };
                if (name is not null && outer.Length > 0)
                    declared[outer].Add(name);
                // A type of one file would be that of one cell; in a script it cannot be, and is everyone's.
                foreach (var modifier in modifiers.Where(modifier => modifier.IsKind(SyntaxKind.FileKeyword)))
                    edits.Blank(modifier.Span);
            }
        }

        void OpenOne(BaseNamespaceDeclarationSyntax space, string name)
        {
            declared.TryAdd(name, new HashSet<string>(StringComparer.Ordinal));
            // Code sees what is in the namespaces around it.
            for (var end = name.Length; end > 0; end = name.LastIndexOf('.', end - 1))
            {
                if (exists(name[..end]))
                    hoisted.Add($"using {name[..end]};");
            }

            if (space is NamespaceDeclarationSyntax block)
            {
                edits.Blank(TextSpan.FromBounds(block.NamespaceKeyword.SpanStart, block.OpenBraceToken.Span.End));
                edits.Blank(TextSpan.FromBounds(
                    block.CloseBraceToken.SpanStart, Math.Max(block.CloseBraceToken.Span.End, block.SemicolonToken.Span.End)));
            }
            else if (space is FileScopedNamespaceDeclarationSyntax file)
            {
                edits.Blank(TextSpan.FromBounds(file.NamespaceKeyword.SpanStart, file.SemicolonToken.Span.End));
            }

            foreach (var directive in space.Usings.Where(directive => isBelowCode && !IsOwn(directive)))
            {
                edits.Blank(directive.Span);
                hoisted.Add(CodeEdits.OneLine(directive));
            }

            Open(space.Members, name);
        }

        void Leave(UsingDirectiveSyntax directive)
        {
            if (IsOwn(directive))
                edits.Blank(directive.Span);
        }
    }

    /// <summary>Whether a directive imports a namespace that only cells have: all that is in it is known without.</summary>
    private bool IsOwn(UsingDirectiveSyntax directive) =>
        directive is { Alias: null, StaticKeyword.RawKind: 0, Name: { } name }
        && declared.ContainsKey(name.ToString())
        && !exists(name.ToString());

    /// <summary>The name of a cell's namespace that stands before a type of it, with the dot.</summary>
    private TextSpan? Prefix(SyntaxNode node)
    {
        var (left, dot, right) = node switch
        {
            QualifiedNameSyntax name => (name.Left, name.DotToken, name.Right),
            MemberAccessExpressionSyntax { RawKind: (int)SyntaxKind.SimpleMemberAccessExpression } access =>
                ((SyntaxNode)access.Expression, access.OperatorToken, access.Name),
            _ => default((SyntaxNode, SyntaxToken, SimpleNameSyntax)),
        };
        return left is not null
            && declared.Count > 0
            && declared.TryGetValue(left.ToString(), out var types)
            && types.Contains(right.Identifier.Text)
                ? TextSpan.FromBounds(left.SpanStart, dot.Span.End)
                : null;
    }
}
