using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.FSharpCells;

/// <summary>How C# writes a type that F# has.</summary>
internal static class CSharpTypeName
{
    /// <summary>The type; <c>object</c> where C# has no name for it: one that F# code declares, or one that is not public.</summary>
    /// <param name="type">The type.</param>
    /// <param name="compilation">What C# knows.</param>
    public static string Of(Type type, Compilation compilation) =>
        (Symbol(type, compilation) ?? compilation.ObjectType).ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);

    private static ITypeSymbol? Symbol(Type type, Compilation compilation)
    {
        if (!type.IsVisible || type.IsPointer || type.IsByRef)
            return null;
        if (type.IsArray)
        {
            return Symbol(type.GetElementType()!, compilation) is { } element
                ? compilation.CreateArrayTypeSymbol(element, type.GetArrayRank())
                : null;
        }

        if (!type.IsGenericType)
            return compilation.GetTypeByMetadataName(type.FullName!);
        var arguments = type.GetGenericArguments().Select(argument => Symbol(argument, compilation)).ToList();
        return arguments.Contains(null)
            ? null
            : Constructed(compilation.GetTypeByMetadataName(type.GetGenericTypeDefinition().FullName!), [.. arguments!]);
    }

    /// <summary>The arguments of a nested type are those of the types around it, then its own.</summary>
    private static INamedTypeSymbol? Constructed(INamedTypeSymbol? type, ITypeSymbol[] arguments)
    {
        if (type is null)
            return null;
        var outer = arguments[..^type.Arity];
        if (outer.Length > 0)
            type = Constructed(type.ContainingType, outer)?.GetTypeMembers(type.Name, type.Arity).FirstOrDefault();
        return type is { Arity: > 0 } ? type.Construct(arguments[^type.Arity..]) : type;
    }
}
