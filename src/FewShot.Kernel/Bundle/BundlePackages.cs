using System.Text.Json;
using FewShot.Runtime;

namespace FewShot.Kernel.Bundle;

/// <summary>The NuGet packages that a build of the course restores, as files of this machine's package folder.</summary>
internal static class BundlePackages
{
    private static readonly string[] Projects = ["FewShot", "FewShot.Kernel"];

    /// <summary>All packages of the last restore of library and kernel.</summary>
    /// <param name="root">The top of the repository.</param>
    /// <exception cref="FewShotException">The course was not built here, or a package is missing.</exception>
    public static IReadOnlyList<string> Find(string root) =>
        [.. Projects.SelectMany(project => Restored(Path.Combine(root, "src", project, "obj", "project.assets.json")))
            .Distinct().Order(StringComparer.Ordinal)];

    private static List<string> Restored(string assets)
    {
        if (!File.Exists(assets))
            throw new FewShotException($"{assets} is missing. Build the course first: dotnet build -c Release src/FewShot.Kernel");
        using var restored = JsonDocument.Parse(File.ReadAllBytes(assets));
        var folders = restored.RootElement.GetProperty("packageFolders").EnumerateObject().Select(folder => folder.Name).ToList();
        return
        [
            .. restored.RootElement.GetProperty("libraries").EnumerateObject()
                .Where(library => library.Value.GetProperty("type").GetString() == "package")
                .Select(library => library.Value.GetProperty("path").GetString()!)
                .Concat(Downloads(restored.RootElement))
                .Select(path => PackageFile(folders, path)),
        ];
    }

    /// <summary>Packages that the SDK fetches beside those that projects name; a version is a range of one, "[10.0.1, 10.0.1]".</summary>
    private static IEnumerable<string> Downloads(JsonElement restored) =>
        from framework in restored.GetProperty("project").GetProperty("frameworks").EnumerateObject()
        where framework.Value.TryGetProperty("downloadDependencies", out _)
        from download in framework.Value.GetProperty("downloadDependencies").EnumerateArray()
        let version = download.GetProperty("version").GetString()!.Trim('[', ']').Split(',')[0].Trim()
        select $"{download.GetProperty("name").GetString()!.ToLowerInvariant()}/{version}";

    private static string PackageFile(IReadOnlyList<string> folders, string path) =>
        folders.Select(folder => Path.Combine(folder, path))
            .Where(Directory.Exists)
            .SelectMany(folder => Directory.EnumerateFiles(folder, "*.nupkg"))
            .FirstOrDefault()
        ?? throw new FewShotException(
            $"The package {path} is not in {string.Join(", ", folders)}. Restore it: dotnet restore src/FewShot.Kernel");
}
