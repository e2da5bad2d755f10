using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// What a name that stands alone can mean at a place in a cell. The compiler, asked for all of it, looks each of some thousand names up in
/// every earlier cell; here each place that names come from is asked once for those that fit, which stays quick in a long session.
/// </summary>
/// <param name="compilation">The cell on top of those before it.</param>
/// <param name="model">What the compiler knows of the cell.</param>
/// <param name="position">The place, in characters from its start.</param>
internal sealed class SymbolsInScope(CSharpCompilation compilation, SemanticModel model, int position)
{
    /// <summary>What can be meant by names that begin so, in upper or lower case; the nearest of each name first.</summary>
    public IEnumerable<ISymbol> StartingWith(string typed)
    {
        return Written().Concat(OfTypesAround().Concat(OfCells()).Concat(Imported()).Concat(compilation.GlobalNamespace.GetMembers())
            .Where(Fits)
            .Where(symbol => symbol is IAliasSymbol or INamespaceSymbol
                || symbol.DeclaredAccessibility == Accessibility.Public
                || model.IsAccessible(position, symbol)));

        // Locals, parameters and the like are found by their names, all of which stand in the cell.
        IEnumerable<ISymbol> Written() => model.SyntaxTree.GetRoot().DescendantTokens()
            .Where(token => token.IsKind(SyntaxKind.IdentifierToken))
            .Select(token => token.ValueText)
            .Where(name => name.StartsWith(typed, StringComparison.OrdinalIgnoreCase))
            .Distinct()
            .SelectMany(name => model.LookupSymbols(position, name: name));

        bool Fits(ISymbol symbol) => symbol.CanBeReferencedByName && symbol.Name.StartsWith(typed, StringComparison.OrdinalIgnoreCase);
    }

    private IEnumerable<ISymbol> OfTypesAround()
    {
        var symbol = model.GetEnclosingSymbol(position);
        for (var type = symbol as INamedTypeSymbol ?? symbol?.ContainingType; type is { IsScriptClass: false }; type = type.ContainingType)
        {
            foreach (var member in Bases(type).SelectMany(each => each.GetMembers()))
                yield return member;
        }
    }

    /// <summary>A type and those whose members it has.</summary>
    private IEnumerable<INamedTypeSymbol> Bases(INamedTypeSymbol type)
    {
        if (type.TypeKind == TypeKind.Interface)
            return [type, .. type.AllInterfaces, compilation.ObjectType];
        return type.BaseType is { } parent ? Bases(parent).Prepend(type) : [type];
    }

    /// <summary>What this cell and those before it declare.</summary>
    private IEnumerable<ISymbol> OfCells()
    {
        for (var cell = compilation; cell is not null; cell = cell.ScriptCompilationInfo?.PreviousScriptCompilation)
        {
            foreach (var member in cell.ScriptClass?.GetMembers() ?? [])
                yield return member;
            foreach (var alias in Aliases(cell))
                yield return alias;
        }
    }

    private static IEnumerable<ISymbol> Aliases(CSharpCompilation cell) => cell.SyntaxTrees
        .SelectMany(tree => ((CompilationUnitSyntax)tree.GetRoot()).Usings)
        .Where(line => line.Alias is not null)
        .Select(line => cell.GetSemanticModel(line.SyntaxTree).GetDeclaredSymbol(line))
        .OfType<ISymbol>();

    private IEnumerable<ISymbol> Imported() => model.GetImportScopes(position)
        .SelectMany(scope => scope.Imports)
        .SelectMany(import => import.NamespaceOrType is INamespaceSymbol space
            ? space.GetTypeMembers()
            : import.NamespaceOrType.GetMembers().Where(member => member is INamedTypeSymbol || (member.IsStatic && !IsExtension(member))));

    private static bool IsExtension(ISymbol member) => member is IMethodSymbol { IsExtensionMethod: true };
}
