using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using FewShot.Runtime;

namespace FewShot.Kernel.Packages;

/// <summary>
/// The assemblies that cells reference by their files. A loaded one stays until the process ends, so that one that is built again in the
/// meantime would silently be the old one.
/// </summary>
internal sealed class LocalLibraries
{
    private readonly Dictionary<string, Guid> used = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, Guid> asked = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>To be called before a cell is read.</summary>
    public void Begin() => asked.Clear();

    /// <summary>To be called when it has been compiled: what it references is loaded from now on.</summary>
    public void Keep()
    {
        foreach (var (name, build) in asked)
            used[name] = build;
    }

    /// <summary>Takes a file into use. What is no assembly is left to the compiler.</summary>
    /// <exception cref="FewShotException">Another build of the same assembly is in use.</exception>
    public void Ask(string path)
    {
        if (Build(path) is not var (name, build))
            return;
        if (used.TryGetValue(name, out var other) && other != build)
        {
            throw new FewShotException(
                $"{Path.GetFileName(path)} has been built again since a cell first referenced it, and what is loaded stays as it was. "
                + "Restart the kernel to have the new one");
        }

        asked[name] = build;
    }

    /// <summary>The assembly's name and the mark that the compiler gives to each build.</summary>
    private static (string Name, Guid Build)? Build(string path)
    {
        try
        {
            if (!File.Exists(path))
                return null;
            using var file = new PEReader(File.OpenRead(path));
            var metadata = file.GetMetadataReader();
            return (metadata.GetString(metadata.GetAssemblyDefinition().Name), metadata.GetGuid(metadata.GetModuleDefinition().Mvid));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or BadImageFormatException or InvalidOperationException)
        {
            return null;
        }
    }
}
