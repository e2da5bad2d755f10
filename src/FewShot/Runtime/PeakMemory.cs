using System.Globalization;
using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>How much memory a piece of work needs at its peak, as the kernel of the system counts it: native tensors are in it.</summary>
internal static class PeakMemory
{
    // Written there, it sets the peak to what is resident now (proc(5)).
    private const string ResetFile = "/proc/self/clear_refs";
    private const string ResetPeak = "5";

    /// <summary>
    /// Runs the work. What was freed before goes back to the system first, so that the work has to ask for its memory; what other threads
    /// take in the meantime is counted too.
    /// </summary>
    /// <returns>Bytes above what was resident before; null where the system does not tell.</returns>
    public static long? Of(Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        var before = Reset();
        work();
        return before is { } start && Read("VmHWM:") is { } peak ? Math.Max(0, peak - start) : null;
    }

    private static long? Reset()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        try
        {
            if (NativeLibrary.TryLoad("libc.so.6", out var library) && NativeLibrary.TryGetExport(library, "malloc_trim", out _))
                _ = Trim(0);
            File.WriteAllText(ResetFile, ResetPeak);
            return Read("VmRSS:");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static long? Read(string name)
    {
        try
        {
            var line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal));
            var number = line?[name.Length..].Replace("kB", string.Empty, StringComparison.Ordinal);
            return long.TryParse(number, NumberStyles.Integer, CultureInfo.InvariantCulture, out var kilobytes) ? kilobytes << 10 : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [DllImport("libc.so.6", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Trim(nuint kept);
}
