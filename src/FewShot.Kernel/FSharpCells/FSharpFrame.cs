using System.Reflection;

namespace FewShot.Kernel.FSharpCells;

/// <summary>Methods of F# code in a stack trace.</summary>
internal static class FSharpFrame
{
    // F# names the assembly of what it runs so, and the module around each piece of code after a number.
    private const string AssemblyMark = "FSI-ASSEMBLY", ModuleMark = "FSI_";

    /// <summary>Whether a cell's F# declares the type.</summary>
    public static bool IsOne(Type type) => type.Assembly.FullName!.StartsWith(AssemblyMark, StringComparison.Ordinal);

    /// <summary>The method as its author wrote it; null for the top level of a cell.</summary>
    public static string? MethodName(MethodBase method, Type type)
    {
        var owners = type.FullName!.Split('+', '.').Select(name => name.Split('`')[0]).ToList();
        if (owners[0].StartsWith('<'))
            return null;
        // A lambda becomes a class: in "let twice = fun x -> ..." of line 3 it is twice@3.
        return owners.Any(name => name.Contains('@', StringComparison.Ordinal))
            ? "a lambda"
            : string.Join('.', owners.Where(name => !name.StartsWith(ModuleMark, StringComparison.Ordinal)).Append(method.Name));
    }
}
