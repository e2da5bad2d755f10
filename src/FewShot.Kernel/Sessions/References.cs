using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace FewShot.Kernel.Sessions;

/// <summary>What a cell may use without a <c>#r</c>: every assembly that this program runs with.</summary>
internal static class References
{
    private static readonly Lazy<ImmutableArray<MetadataReference>> Found = new(Find);

    /// <summary>One list for all sessions: the compiler then reads each assembly once per process.</summary>
    public static ImmutableArray<MetadataReference> All => Found.Value;

    private static ImmutableArray<MetadataReference> Find()
    {
        var trusted = AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty;
        return [.. trusted.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(path => (MetadataReference)MetadataReference.CreateFromFile(path, documentation: new XmlDocumentation(Path.ChangeExtension(path, ".xml"))))];
    }
}
