using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>
/// Lets glibc keep the memory of freed tensors for the next ones. By default a block of more than 32 MB, and the free end of each
/// thread's heap, goes back to the system as soon as it is freed; the next tensor of that size then has each of its pages mapped and
/// cleared anew, which on a virtual machine costs as much as the arithmetic. The process holds up to 512 MB more between two steps, and
/// no more at its peak.
/// </summary>
internal static class NativeMemory
{
    // Options of mallopt(3), by their numbers in malloc.h.
    private const int TrimThreshold = -1;
    private const int MappingThreshold = -3;
    private const int ArenaMaximum = -8;
    private const int Kept = 512 << 20;
    private const int LargestOnHeap = 256 << 20;

    /// <summary>Does nothing where the C library is not glibc.</summary>
    public static void KeepFreed()
    {
        if (!OperatingSystem.IsLinux()
            || !NativeLibrary.TryLoad("libc.so.6", out var library)
            || !NativeLibrary.TryGetExport(library, "mallopt", out _))
        {
            return;
        }

        _ = SetOption(TrimThreshold, Kept);
        _ = SetOption(MappingThreshold, LargestOnHeap);
        // One heap for all threads: the heap of a thread cannot grow beyond 64 MB, and blocks that do not fit are
        // mapped whatever the threshold says.
        _ = SetOption(ArenaMaximum, 1);
    }

    [DllImport("libc.so.6", EntryPoint = "mallopt")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int SetOption(int option, int value);
}
