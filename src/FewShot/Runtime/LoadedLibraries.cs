namespace FewShot.Runtime;

/// <summary>
/// Whether this process holds one libtorch. Two of them, one beside the program and one from a package folder, have their own devices,
/// random numbers and tensors, and what one loads the other calls missing.
/// </summary>
internal static class LoadedLibraries
{
    private const string Maps = "/proc/self/maps";

    private static readonly string[] Names = ["libtorch.so", "libtorch_cpu.so", "libc10.so", "libLibTorchSharp.so"];

    /// <summary>The files that are mapped into this process; empty where the system does not tell.</summary>
    public static IReadOnlyList<string> OfThisProcess() => File.Exists(Maps)
        ? [.. File.ReadLines(Maps).Where(line => line.Contains('/')).Select(line => line[line.IndexOf('/')..]).Distinct()]
        : [];

    /// <summary>Counts the copies of libtorch's libraries.</summary>
    /// <param name="files">Paths of loaded files.</param>
    public static DeviceFinding Finding(IEnumerable<string> files)
    {
        var copies = files.Where(path => Names.Contains(Path.GetFileName(path))).Distinct().ToLookup(path => Path.GetFileName(path));
        if (copies.FirstOrDefault(paths => paths.Count() > 1) is { } twice)
        {
            return new(false, "libtorch", $"{twice.Key} is loaded from {string.Join(" and ", twice)}: keep one (clean and build again; "
                + "in a notebook, no #r of TorchSharp beside the course's own).");
        }

        return copies.Contains("libtorch.so")
            ? new(true, "libtorch", "exactly one in this process")
            : new(false, "libtorch", "this system does not tell which files a process has loaded: whether there is one is not checked.");
    }
}
