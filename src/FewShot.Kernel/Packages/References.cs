using System.Collections.Immutable;
using System.Reflection.PortableExecutable;
using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.Packages;

/// <summary>
/// What a cell may use without a <c>#r</c>: every assembly that this program runs with, but for the F# compiler, which is large.
/// </summary>
internal static class References
{
    private static readonly string[] Withheld = ["FSharp.Compiler.Service", "FSharp.DependencyManager.Nuget"];

    private static readonly Lazy<ImmutableArray<MetadataReference>> Found = new(Find);

    /// <summary>One list for all sessions: the compiler then reads each assembly once per process.</summary>
    public static ImmutableArray<MetadataReference> All => Found.Value;

    /// <summary>Paths of the assemblies that cells are compiled against.</summary>
    public static IEnumerable<string> Paths() =>
        CarriedPackages.AssemblyPaths.Where(path => !Withheld.Contains(Path.GetFileNameWithoutExtension(path)));

    private static ImmutableArray<MetadataReference> Find() => [.. Paths().Select(Read)];

    /// <summary>What the assembly declares, without its code: the compiler needs none, and all of it is much memory.</summary>
    private static MetadataReference Read(string path)
    {
        using var file = File.OpenRead(path);
        var module = ModuleMetadata.CreateFromStream(file, PEStreamOptions.PrefetchMetadata);
        return AssemblyMetadata.Create(module).GetReference(Documentation(path), filePath: path);
    }

    private static DocumentationProvider Documentation(string path) =>
        path.StartsWith(FrameworkDocumentation.Runtime, StringComparison.Ordinal)
            ? new FrameworkDocumentation(Path.GetFileNameWithoutExtension(path), FrameworkDocumentation.Pack)
            : new XmlDocumentation(Path.ChangeExtension(path, ".xml"));
}
