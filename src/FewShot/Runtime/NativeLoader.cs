using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>
/// Loads libtorch and TorchSharp's native half by path, before TorchSharp looks for them by bare name: that look-up then finds
/// what is loaded, in a program, a test host or a notebook alike.
/// </summary>
internal static class NativeLoader
{
    private static readonly Lazy<bool> Loaded = new(LoadOnce);

    public static void Load() => _ = Loaded.Value;

#pragma warning disable CA2255 // A library that owns native loading has no later moment that is early enough.
    [ModuleInitializer]
#pragma warning restore CA2255
    internal static void LoadEarly()
    {
        try
        {
            Load();
        }
        catch (FewShotException)
        {
            // The first call that needs libtorch throws this error again. Thrown from here it would be hidden inside an error of the
            // module's initialiser.
        }
    }

    private static bool LoadOnce()
    {
        NativeMemory.KeepFreed();
        var name = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "LibTorchSharp.dll"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so";
        var folders = Folders().ToList();
        var path = folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
            ?? throw new FewShotException($"{name} is in none of: {string.Join(", ", folders)}. Build the solution again (dotnet build).");
        if (!RuntimeInformation.IsOSPlatform(OSPlatform.Linux))
            return LoadFile(path) != 0;

        foreach (var library in new[] { "libc10.so", "libtorch_cpu.so", "libc10_cuda.so", "libtorch_cuda.so", "libtorch.so" })
        {
            var found = folders.Select(folder => Path.Combine(folder, library)).FirstOrDefault(File.Exists);
            if (found is not null)
                _ = LoadFile(found);
        }

        var torchSharp = LoadFile(path);
        ScalarLifetime.Extend(torchSharp);
        TensorLifetime.Extend(torchSharp);
        return true;
    }

    /// <summary>Loads one library, or its weakened copy where the published file asks for a newer libstdc++ than there is.</summary>
    /// <exception cref="FewShotException">The library does not load; the message is the system's own.</exception>
    internal static nint LoadFile(string path)
    {
        if (TryLoad(path, out var library, out var cause)
            || (ElfVersions.NeedsNewerLibstdcxx(cause) && TryLoad(ElfVersions.Weakened(path), out library, out cause)))
        {
            return library;
        }

        throw new FewShotException($"The native library {path} does not load: {cause.Trim()}");
    }

    /// <summary>The system's own words about a file in .NET's message, which names every place that it tried.</summary>
    internal static string Reason(string file, string cause)
    {
        var lines = cause.Split('\n').Select(line => line.Trim());
        return lines.FirstOrDefault(line => line.StartsWith(file + ": ", StringComparison.Ordinal)) is { } line
            ? line[(file.Length + 2)..]
            : string.Join(' ', lines).Trim();
    }

    /// <summary>The folders .NET itself would search, then the usual places beside this assembly.</summary>
    internal static IEnumerable<string> Folders()
    {
        var searched = (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty).Split(Path.PathSeparator);
        var home = Path.GetDirectoryName(typeof(NativeLoader).Assembly.Location);
        var bases = new[] { home, AppContext.BaseDirectory }.Where(folder => !string.IsNullOrEmpty(folder)).Select(folder => folder!);
        var system = RuntimeInformation.IsOSPlatform(OSPlatform.Windows) ? "win"
            : RuntimeInformation.IsOSPlatform(OSPlatform.OSX) ? "osx" : "linux";
        var rid = $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return bases.SelectMany(folder => new[] { Path.Combine(folder, "runtimes", rid, "native"), folder })
            .Concat(searched)
            .Where(Directory.Exists)
            .Select(Path.GetFullPath)
            .Distinct();
    }

    /// <summary>Loads one library as it is; the cause of a failure is the system's own message.</summary>
    internal static bool TryLoad(string path, out nint library, out string cause)
    {
        try
        {
            library = NativeLibrary.Load(path);
            cause = string.Empty;
            return true;
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            (library, cause) = (0, e.Message);
            return false;
        }
    }
}
