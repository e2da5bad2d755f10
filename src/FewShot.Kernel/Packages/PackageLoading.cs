using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FewShot.Kernel.Packages;

/// <summary>
/// Finds what the assemblies of packages need and .NET would not find by itself: native files, which lie in other folders, and assemblies
/// in another version than the one asked for, which is what NuGet chose for all.
/// </summary>
internal static class PackageLoading
{
    private static readonly Lock Gate = new();
    private static readonly Dictionary<string, string> Native = new(StringComparer.OrdinalIgnoreCase);
    private static readonly Dictionary<string, string> Managed = new(StringComparer.OrdinalIgnoreCase);
    private static readonly HashSet<AssemblyLoadContext> Served = [];

    /// <summary>Makes files known by their names.</summary>
    public static void Add(IEnumerable<PackageFile> files)
    {
        lock (Gate)
        {
            if (Native.Count + Managed.Count == 0)
            {
                AppDomain.CurrentDomain.AssemblyLoad += (_, loaded) => Serve(loaded.LoadedAssembly);
                AppDomain.CurrentDomain.AssemblyResolve += (_, wanted) => FindManaged(new AssemblyName(wanted.Name).Name);
            }

            foreach (var file in files)
            {
                if (file.IsNative)
                    Native[BareName(Path.GetFileName(file.Path))] = file.Path;
                else
                    Managed[Path.GetFileNameWithoutExtension(file.Path)] = file.Path;
            }
        }
    }

    /// <summary>The compiler's loader gives each assembly a context of its own.</summary>
    private static void Serve(Assembly assembly)
    {
        if (assembly.IsDynamic || AssemblyLoadContext.GetLoadContext(assembly) is not { } context)
            return;
        lock (Gate)
        {
            if (Served.Add(context))
                context.ResolvingUnmanagedDll += (_, name) => FindNative(name);
        }
    }

    private static nint FindNative(string name)
    {
        string? path;
        lock (Gate)
            path = Native.GetValueOrDefault(BareName(name));
        return path is null ? 0 : NativeLibrary.Load(path);
    }

    private static Assembly? FindManaged(string? name)
    {
        string? path;
        lock (Gate)
            path = name is null ? null : Managed.GetValueOrDefault(name);
        return path is null
            ? null
            : AppDomain.CurrentDomain.GetAssemblies().FirstOrDefault(assembly => !assembly.IsDynamic && assembly.Location == path)
                ?? Assembly.LoadFrom(path);
    }

    /// <summary>"libsodium.so" and "sodium" are the same.</summary>
    private static string BareName(string name)
    {
        foreach (var ending in new[] { ".dll", ".so", ".dylib" })
        {
            if (name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                name = name[..^ending.Length];
        }

        return name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
    }
}
