using System.Reflection;
using FewShot.Kernel.Packages;
using FewShot.Runtime;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// Makes the packages that a cell asks for part of it: references to their assemblies, and a line for each that the course carries.
/// </summary>
/// <param name="folder">The notebook's.</param>
/// <param name="restore">Fetches what is not carried.</param>
internal sealed class SessionPackages(string folder, PackageRestore restore)
{
    private readonly LocalLibraries libraries = new();
    private readonly List<string> usedSources = [], askedSources = [];
    private readonly Dictionary<string, string> used = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, string> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>To be called before a cell is read.</summary>
    public void Begin()
    {
        asked.Clear();
        askedSources.Clear();
        libraries.Begin();
    }

    /// <summary>To be called when it has been compiled: its packages are the session's from now on.</summary>
    public void Keep()
    {
        foreach (var (name, path) in asked)
            used[name] = path;
        usedSources.AddRange(askedSources.Except(usedSources));
        libraries.Keep();
    }

    /// <summary>Takes a library into use that a cell names by its file.</summary>
    /// <exception cref="FewShotException">Another build of it is loaded.</exception>
    public void Ask(string file) => libraries.Ask(Path.GetFullPath(file, folder));

    /// <summary>What stands in the cell for packages and their sources.</summary>
    /// <exception cref="FewShotException">A package cannot be had, or another version of it is in use.</exception>
    public IEnumerable<CellPart> Parts(PackagePart part, CancellationToken cancellation)
    {
        askedSources.AddRange(part.Sources.Select(source => source.Absolute(folder)));
        var notes = new List<string>();
        var wanted = new List<PackageRequest>();
        foreach (var request in part.Requests)
        {
            if (CarriedPackages.VersionOf(request.Id) is { } carried)
            {
                var instead = request.IsFixed && request.Version != carried ? $" in place of {request.Version}" : string.Empty;
                notes.Add($"{request.Id} {carried} comes with the course and is used{instead}.");
            }
            else
            {
                wanted.Add(request);
            }
        }

        var files = wanted.Count > 0 ? restore.Restore(wanted, [.. usedSources.Union(askedSources)], cancellation) : [];
        var references = new List<string>();
        foreach (var file in files.Where(file => !file.IsNative))
        {
            if (CarriedPackages.AssemblyVersion(file.Path) is { } carried)
            {
                if (AssemblyName.GetAssemblyName(file.Path).Version is { } newer && newer > carried)
                    notes.Add($"{file.Package} comes with the course and is used in version {carried} in place of {newer}.");
                continue;
            }

            RefuseOther(file);
            references.Add($"#r \"{file.Path}\"");
        }

        PackageLoading.Add(files.Where(file => file.IsNative || IsNew(file)));
        if (notes.Count > 0)
            yield return new TextPart(new Dictionary<string, string> { ["text/plain"] = string.Join('\n', notes) });
        if (references.Count > 0)
            yield return new CodePart(string.Join('\n', references));
        // The extensions are called before the code that follows, in the order of the restore.
        foreach (var call in files.Where(IsNew).Select(file => KernelExtensions.Call(file.Package, file.Path)).OfType<string>())
            yield return new CodePart(call);
    }

    private static bool IsNew(PackageFile file) => !file.IsNative && CarriedPackages.AssemblyVersion(file.Path) is null;

    /// <summary>Refuses a second file of an assembly that is in use: loaded types cannot become those of another file.</summary>
    private void RefuseOther(PackageFile file)
    {
        var name = Path.GetFileNameWithoutExtension(file.Path);
        if ((used.TryGetValue(name, out var other) || asked.TryGetValue(name, out other)) && other != file.Path)
        {
            throw new FewShotException(
                $"{file.Package} is in use already, from {other}. Another version of it needs a fresh session: restart the kernel");
        }

        asked[name] = file.Path;
    }
}
