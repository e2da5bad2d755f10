using System.Reflection;
using System.Text.Json;

namespace FewShot.Kernel.Packages;

/// <summary>The packages and assemblies that this program runs with; a cell has them without asking.</summary>
internal static class CarriedPackages
{
    /// <summary>Every assembly that this program runs with, the framework's among them.</summary>
    public static IReadOnlyList<string> AssemblyPaths { get; } =
        (AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES") as string ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);

    private static readonly Lazy<Dictionary<string, string>> Versions = new(ReadVersions);

    private static readonly Lazy<Dictionary<string, string>> Assemblies = new(() => AssemblyPaths
        .DistinctBy(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>The version of a package that is carried; null where it is not.</summary>
    public static string? VersionOf(string id) => Versions.Value.GetValueOrDefault(id);

    /// <summary>The version of the carried assembly with the same simple name; null where there is none.</summary>
    public static Version? AssemblyVersion(string path) =>
        Assemblies.Value.TryGetValue(Path.GetFileNameWithoutExtension(path), out var carried)
            ? AssemblyName.GetAssemblyName(carried).Version
            : null;

    /// <summary>The build lists in the .deps.json what it was made of.</summary>
    private static Dictionary<string, string> ReadVersions()
    {
        var versions = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var file in (AppContext.GetData("APP_CONTEXT_DEPS_FILES") as string ?? string.Empty).Split(';').Where(File.Exists))
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(file));
            foreach (var library in document.RootElement.GetProperty("libraries").EnumerateObject())
            {
                if (library.Value.GetProperty("type").GetString() == "package" && library.Name.Split('/') is [var id, var version])
                    versions[id] = version;
            }
        }

        return versions;
    }
}
