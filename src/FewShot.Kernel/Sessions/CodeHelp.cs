using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Sessions;

/// <summary>Looks into a cell with the compiler's eyes: what its names mean, and which others could stand there.</summary>
internal sealed class CodeHelp
{
    private readonly SyntaxNode root;
    private readonly CSharpCompilation compilation;
    private readonly SemanticModel model;
    private readonly string code;

    /// <param name="script">The cell as the next submission of its session.</param>
    public CodeHelp(Script<object> script)
    {
        compilation = (CSharpCompilation)script.GetCompilation();
        var tree = compilation.SyntaxTrees.Last();
        (root, model, code) = (tree.GetRoot(), compilation.GetSemanticModel(tree), script.Code);
    }

    public Completions Complete(int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var start = position;
        while (start > 0 && SyntaxFacts.IsIdentifierPartCharacter(code[start - 1]))
            start--;
        if (InText(start))
            return new Completions(position, position, []);
        var typed = code[start..position];
        var items = Candidates(start, typed)
            .Where(item => item.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(item => item.Text)
            .OrderBy(item => item.Text, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Text, StringComparer.Ordinal);
        return new Completions(start, position, [.. items]);
    }

    /// <summary>The declaration and documentation of what stands at the place, as Markdown.</summary>
    public string? Describe(int position)
    {
        position = Math.Clamp(position, 0, code.Length);
        var isBehindName = position > 0 && (position == code.Length || !SyntaxFacts.IsIdentifierPartCharacter(code[position]));
        var token = root.FindToken(isBehindName ? position - 1 : position);
        var node = token.Parent;
        // Inside the brackets of a call, what is called is meant.
        if (!token.IsKind(SyntaxKind.IdentifierToken) && node?.FirstAncestorOrSelf<ArgumentListSyntax>()?.Parent is { } caller)
            node = caller is InvocationExpressionSyntax call ? call.Expression : caller;
        return node is null ? null : Symbols(node) is { Count: > 0 } symbols ? SymbolText.Markdown(symbols) : null;
    }

    private IEnumerable<CompletionItem> Candidates(int start, string typed)
    {
        var before = start > 0 ? root.FindToken(start - 1) : default;
        // Blanks at the start of a line belong to the token behind them.
        if (before.SpanStart >= start)
            before = before.GetPreviousToken();
        var left = before.IsKind(SyntaxKind.DotToken) ? before.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            MemberBindingExpressionSyntax => before.Parent.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            _ => (SyntaxNode?)null,
        }
        : null;
        if (left is null)
            return before.IsKind(SyntaxKind.DotToken) ? [] : Initialized(before, start) ?? Words(before, start, typed);

        var symbol = model.GetSymbolInfo(left).Symbol;
        if (symbol is IAliasSymbol alias)
            symbol = alias.Target;
        if (symbol is INamespaceOrTypeSymbol container)
        {
            return Items(model.LookupSymbols(start, container)
                .Where(member => member is INamespaceOrTypeSymbol || member.IsStatic || member is IFieldSymbol { IsConst: true }));
        }

        return model.GetTypeInfo(left).Type is { TypeKind: not TypeKind.Error } type
            ? Items(model.LookupSymbols(start, type, includeReducedExtensionMethods: true)
                .Where(member => !member.IsStatic && member is not INamespaceOrTypeSymbol))
            : [];
    }

    private IEnumerable<CompletionItem> Words(SyntaxToken before, int start, string typed)
    {
        var symbols = new SymbolsInScope(compilation, model, start).StartingWith(typed);
        // A using directive names namespaces and types.
        if (before.Parent?.FirstAncestorOrSelf<UsingDirectiveSyntax>() is { SemicolonToken.IsMissing: true })
            symbols = symbols.Where(symbol => symbol is INamespaceOrTypeSymbol);
        return Items(symbols).Concat(SyntaxFacts.GetKeywordKinds()
            .Select(kind => new CompletionItem(SyntaxFacts.GetText(kind), "keyword"))
            .Where(item => char.IsAsciiLetter(item.Text.FirstOrDefault())));
    }

    /// <summary>Members that can be given a value where a name begins in the braces behind <c>new</c> or <c>with</c>; else null.</summary>
    private IEnumerable<CompletionItem>? Initialized(SyntaxToken before, int start)
    {
        if (before.Parent is not InitializerExpressionSyntax braces || before == braces.CloseBraceToken)
            return null;
        var type = braces.Parent switch
        {
            BaseObjectCreationExpressionSyntax or WithExpressionSyntax => model.GetTypeInfo(braces.Parent).Type,
            AssignmentExpressionSyntax { Left: var member } => model.GetTypeInfo(member).Type,
            _ => null,
        };
        // In the braces of a collection stand values.
        if (type is null or { TypeKind: TypeKind.Error } || IsCollection(type))
            return null;
        var given = braces.Expressions.OfType<AssignmentExpressionSyntax>().Select(each => each.Left.ToString()).ToHashSet();
        return Items(model.LookupSymbols(start, type).Where(member => !member.IsStatic && !given.Contains(member.Name) && member switch
        {
            IFieldSymbol field => !field.IsReadOnly,
            IPropertySymbol { SetMethod: { } set } => model.IsAccessible(start, set),
            IPropertySymbol property => IsCollection(property.Type),
            _ => false,
        }));
    }

    private static bool IsCollection(ITypeSymbol type) => type.SpecialType != SpecialType.System_String
        && type.AllInterfaces.Any(each => each.SpecialType == SpecialType.System_Collections_IEnumerable);

    private static IEnumerable<CompletionItem> Items(IEnumerable<ISymbol> symbols) => symbols
        .Where(symbol => symbol.CanBeReferencedByName && !symbol.IsImplicitlyDeclared)
        .Select(symbol => new CompletionItem(symbol.Name, symbol switch
        {
            ITypeSymbol type => type.TypeKind.ToString().ToLowerInvariant(),
            ILocalSymbol or IParameterSymbol or IRangeVariableSymbol => "variable",
            _ => symbol.Kind.ToString().ToLowerInvariant(),
        }));

    private bool InText(int position)
    {
        var trivia = root.FindTrivia(Math.Max(0, position - 1));
        if (trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia))
            return true;
        var token = root.FindToken(position);
        return token.SpanStart < position
            && position < token.Span.End
            && (token.IsKind(SyntaxKind.StringLiteralToken) || token.IsKind(SyntaxKind.InterpolatedStringTextToken));
    }

    /// <summary>What a piece of code may mean: what it does mean first, then the other overloads.</summary>
    private IReadOnlyList<ISymbol> Symbols(SyntaxNode node)
    {
        var found = model.GetSymbolInfo(node);
        var overloads = node is BaseObjectCreationExpressionSyntax && model.GetTypeInfo(node).Type is INamedTypeSymbol type
            ? type.InstanceConstructors.Where(each => model.IsAccessible(node.SpanStart, each))
            : model.GetMemberGroup(node).AsEnumerable();
        IEnumerable<ISymbol?> all = [found.Symbol, .. found.CandidateSymbols, .. overloads, model.GetDeclaredSymbol(node)];
        return [.. all.OfType<ISymbol>().Distinct(SymbolEqualityComparer.Default)];
    }
}
