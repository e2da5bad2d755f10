using System.Text;
using System.Xml;
using System.Xml.Linq;
using FewShot.Kernel.Cells;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Scripting;

namespace FewShot.Kernel.Sessions;

/// <summary>Looks into a cell with the compiler's eyes: what its names mean, and which others could stand there.</summary>
internal sealed class CodeHelp
{
    private const int MostItems = 500;

    private static readonly SymbolDisplayFormat Format = SymbolDisplayFormat.MinimallyQualifiedFormat
        .WithMemberOptions(
            SymbolDisplayMemberOptions.IncludeContainingType
            | SymbolDisplayMemberOptions.IncludeParameters
            | SymbolDisplayMemberOptions.IncludeType)
        .WithParameterOptions(
            SymbolDisplayParameterOptions.IncludeName
            | SymbolDisplayParameterOptions.IncludeType
            | SymbolDisplayParameterOptions.IncludeDefaultValue
            | SymbolDisplayParameterOptions.IncludeParamsRefOut)
        .WithKindOptions(
            SymbolDisplayKindOptions.IncludeTypeKeyword
            | SymbolDisplayKindOptions.IncludeNamespaceKeyword
            | SymbolDisplayKindOptions.IncludeMemberKeyword);

    private readonly SyntaxNode root;
    private readonly SemanticModel model;
    private readonly string code;

    /// <param name="script">The cell as the next submission of its session.</param>
    public CodeHelp(Script<object> script)
    {
        var compilation = script.GetCompilation();
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
        var items = Candidates(start)
            .Where(item => item.Text.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .DistinctBy(item => item.Text)
            .OrderBy(item => item.Text, StringComparer.OrdinalIgnoreCase).ThenBy(item => item.Text, StringComparer.Ordinal)
            .Take(MostItems);
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
        if (!token.IsKind(SyntaxKind.IdentifierToken)
            && node?.FirstAncestorOrSelf<ArgumentListSyntax>()?.Parent is InvocationExpressionSyntax call)
        {
            node = call.Expression;
        }

        return node is null ? null : Symbols(node) is [var symbol, ..] symbols ? Markdown(symbol, symbols.Count) : null;
    }

    private IEnumerable<CompletionItem> Candidates(int start)
    {
        var before = start > 0 ? root.FindToken(start - 1) : default;
        var left = before.IsKind(SyntaxKind.DotToken) ? before.Parent switch
        {
            MemberAccessExpressionSyntax access => access.Expression,
            QualifiedNameSyntax name => name.Left,
            MemberBindingExpressionSyntax => before.Parent.FirstAncestorOrSelf<ConditionalAccessExpressionSyntax>()?.Expression,
            _ => (SyntaxNode?)null,
        }
        : null;
        if (left is null)
        {
            return before.IsKind(SyntaxKind.DotToken) ? [] : Items(model.LookupSymbols(start))
                .Concat(SyntaxFacts.GetKeywordKinds()
                    .Select(kind => new CompletionItem(SyntaxFacts.GetText(kind), "keyword"))
                    .Where(item => char.IsAsciiLetter(item.Text.FirstOrDefault())));
        }

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

    private IReadOnlyList<ISymbol> Symbols(SyntaxNode node)
    {
        var found = model.GetSymbolInfo(node);
        if (found.Symbol is not null)
            return [found.Symbol];
        if (found.CandidateSymbols.Length > 0)
            return found.CandidateSymbols;
        if (model.GetMemberGroup(node) is { Length: > 0 } group)
            return group;
        return model.GetDeclaredSymbol(node) is { } declared ? [declared] : [];
    }

    private static string Markdown(ISymbol symbol, int overloads)
    {
        var text = new StringBuilder("```csharp\n").Append(symbol.ToDisplayString(Format)).Append("\n```\n");
        if (overloads > 1)
            text.Append(System.Globalization.CultureInfo.InvariantCulture, $"\nand {overloads - 1} more of that name\n");
        if (Documentation(symbol) is not { } documentation)
            return text.ToString();
        foreach (var part in documentation.Elements())
        {
            var heading = part.Name.LocalName switch
            {
                "summary" => string.Empty,
                "param" => $"*{part.Attribute("name")?.Value}*: ",
                "returns" => "Returns: ",
                "exception" => $"Throws {Short(part.Attribute("cref")?.Value)}: ",
                "remarks" => string.Empty,
                _ => null,
            };
            if (heading is not null)
                text.Append('\n').Append(heading).Append(Plain(part)).Append('\n');
        }

        return text.ToString();
    }

    private static XElement? Documentation(ISymbol symbol)
    {
        try
        {
            return symbol.GetDocumentationCommentXml(expandIncludes: false) is { Length: > 0 } xml ? XElement.Parse(xml) : null;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    private static string Plain(XElement element) => string.Join(' ', string.Concat(element.Nodes().Select(node => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "seealso" } see =>
            $"`{Short((see.Attribute("cref") ?? see.Attribute("langword") ?? see.Attribute("href"))?.Value)}`",
        XElement { Name.LocalName: "paramref" or "typeparamref" } reference => $"`{reference.Attribute("name")?.Value}`",
        XElement { Name.LocalName: "c" } word => $"`{word.Value}`",
        XElement other => Plain(other),
        _ => string.Empty,
    })).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    /// <summary>"T:FewShot.Data.ImageSet" to "ImageSet".</summary>
    private static string Short(string? reference) => reference?.Split('(')[0].Split('.')[^1].Split(':')[^1] ?? string.Empty;
}
