using System.Runtime.InteropServices;

namespace FewShot.Kernel.Sessions;

/// <summary>Calls of the C library on Linux; the numbers are the same on x64 and ARM.</summary>
internal static class LinuxCalls
{
    public const int StandardOutput = 1;

    public const int CloseOnExecute = 0x80000, NonBlocking = 0x800, DuplicateAndCloseOnExecute = 1030, SetFlags = 4;

    private const short Readable = 1;

    // C's "stdout", which collects what is written where that is no terminal.
    private static readonly nint Output = NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "stdout", out var variable)
        ? Marshal.ReadIntPtr(variable)
        : 0;

    /// <summary>Writes out what C code has written.</summary>
    public static void FlushOutput()
    {
        if (Output != 0)
            _ = Flush(Output);
    }

    /// <summary>Waits until something can be read, or nobody is left who could write.</summary>
    public static void WaitForInput(int descriptor)
    {
        var wanted = new PollRequest { Descriptor = descriptor, Events = Readable };
        _ = Poll(ref wanted, 1, -1);
    }

    [DllImport("libc", EntryPoint = "pipe2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int Pipe([Out] int[] ends, int flags);

    [DllImport("libc", EntryPoint = "dup2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int Duplicate(int from, int to);

    [DllImport("libc", EntryPoint = "fcntl")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int Control(int descriptor, int command, int argument);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern int Close(int descriptor);

    [DllImport("libc", EntryPoint = "read")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static extern nint Read(int descriptor, [Out] byte[] bytes, nint count);

    [DllImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Poll(ref PollRequest requests, nuint count, int milliseconds);

    [DllImport("libc", EntryPoint = "fflush")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Flush(nint file);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollRequest
    {
        public int Descriptor;
        public short Events;
        public short Found;
    }
}
