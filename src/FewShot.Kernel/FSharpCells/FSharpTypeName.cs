using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.FSharpCells;

/// <summary>How F# writes a type that C# has.</summary>
internal static class FSharpTypeName
{
    private const string Anything = "obj";

    /// <summary>The type; <c>obj</c> where F# has no name for it: a type of a cell, or one that is not public.</summary>
    public static string Of(ITypeSymbol type) => Name(type) ?? Anything;

    private static string? Name(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Name(array.ElementType) is { } element ? $"({element})[{new string(',', array.Rank - 1)}]" : null,
        INamedTypeSymbol { IsAnonymousType: false, IsRefLikeType: false } named => Named(named),
        _ => null,
    };

    private static string? Named(INamedTypeSymbol type)
    {
        if (type.DeclaredAccessibility != Accessibility.Public || type.ContainingAssembly is null or ISourceAssemblySymbol)
            return null;
        var arguments = type.TypeArguments.Select(Name).ToList();
        if (arguments.Contains(null))
            return null;
        var name = Quoted(type) + (arguments.Count > 0 ? $"<{string.Join(", ", arguments)}>" : string.Empty);
        return type.ContainingType is { } outer ? Named(outer) is { } whole ? $"{whole}.{name}" : null
            : string.Concat(Namespaces(type.ContainingNamespace).Select(part => $"``{part}``.")) + name;
    }

    private static IEnumerable<string> Namespaces(INamespaceSymbol space) =>
        space.IsGlobalNamespace ? [] : [.. Namespaces(space.ContainingNamespace), space.Name];

    /// <summary>
    /// F#'s own types have another name in F# than for everybody else: FSharpList is its List. FSharpFunc keeps its name.
    /// </summary>
    private static string Quoted(INamedTypeSymbol type)
    {
        var isRenamed = type.ContainingAssembly.Name == "FSharp.Core"
            && type.Name.StartsWith("FSharp", StringComparison.Ordinal)
            && type.Name != "FSharpFunc";
        return $"``{(isRenamed ? type.Name["FSharp".Length..] : type.Name)}``";
    }
}
