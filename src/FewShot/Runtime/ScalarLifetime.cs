using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FewShot.Runtime;

/// <summary>
/// Frees TorchSharp's numbers (<c>Scalar</c>) some seconds after their last use instead of at once. TorchSharp 0.107 passes a number to
/// libtorch as a bare pointer and keeps no reference to it during the call: a garbage collection that another thread begins in that moment
/// frees it, and the call fails ("Unknown scalar type", "Expected false to be true") or reads a wrong number. Any <c>a + b</c> passes one.
/// </summary>
/// <remarks>
/// TorchSharp's function that frees a number is found by name in its native library. The entry with that name is changed in memory, before
/// TorchSharp looks it up, to point to <see cref="FreeLater"/>. This is done on 64-bit Linux with glibc alone. To be removed when
/// TorchSharp keeps its arguments alive; ScalarLifetimeTests then pass without it.
/// </remarks>
internal static class ScalarLifetime
{
    private const string Function = "THSTorch_dispose_scalar";
    // No call takes this long from receiving a number to reading it.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);
    // dladdr1(3): the third result is the entry of the symbol table.
    private const int SymbolEntry = 1;
    // Elf64_Sym: name (4 bytes), info, other, section index (2), value (8), size (8).
    private const int ValueOffset = 8;
    private const int ReadOnly = 1;
    private const int ReadWrite = 3;

    private static readonly Lock Gate = new();
    private static readonly Queue<(nint Scalar, long Since)> Waiting = new();
    // Referred to from here as long as the process lives, because native code holds their addresses.
    private static readonly Freeing Later = FreeLater;
    private static Freeing? free;

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    private delegate void Freeing(nint scalar);

    /// <summary>Changes where the name leads; does nothing where this is not possible.</summary>
    /// <param name="library">TorchSharp's native library.</param>
    public static void Extend(nint library)
    {
        // An assembly that can be unloaded would take the function with it that native code calls.
        var mayEnd = AssemblyLoadContext.GetLoadContext(typeof(ScalarLifetime).Assembly) is { IsCollectible: true };
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || mayEnd)
            return;
        if (!NativeLibrary.TryGetExport(library, Function, out var address))
            return;
        if (!NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "dladdr1", out _))
            return;
        if (FindSymbol(address, out var symbol, out var entry, SymbolEntry) == 0
            || symbol.Address != address
            || Marshal.PtrToStringUTF8(symbol.Name) != Function)
        {
            return;
        }

        var place = entry + ValueOffset;
        // A symbol's value is counted from where the library begins.
        var start = address - Marshal.ReadIntPtr(place);
        var page = place & ~(nint)(Environment.SystemPageSize - 1);
        if (Protect(page, Environment.SystemPageSize, ReadWrite) != 0)
            return;
        free = Marshal.GetDelegateForFunctionPointer<Freeing>(address);
        Marshal.WriteIntPtr(place, Marshal.GetFunctionPointerForDelegate(Later) - start);
        _ = Protect(page, Environment.SystemPageSize, ReadOnly);
    }

    private static void FreeLater(nint scalar)
    {
        var now = Stopwatch.GetTimestamp();
        lock (Gate)
        {
            Waiting.Enqueue((scalar, now));
            while (Stopwatch.GetElapsedTime(Waiting.Peek().Since, now) > Grace)
                free!(Waiting.Dequeue().Scalar);
        }
    }

    [DllImport("libc.so.6", EntryPoint = "dladdr1")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int FindSymbol(nint address, out Symbol symbol, out nint entry, int wanted);

    [DllImport("libc.so.6", EntryPoint = "mprotect")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int Protect(nint page, nint length, int access);

    /// <summary>Dl_info of dladdr(3).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Symbol
    {
        public nint FileName;
        public nint FileStart;
        public nint Name;
        public nint Address;
    }
}
