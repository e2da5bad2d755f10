using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace FewShot.Runtime;

/// <summary>A function of a loaded native library, whose name can be made to lead to another one.</summary>
/// <remarks>
/// The entry of the library's symbol table with that name is changed in memory, before anyone has looked it up. This is done on 64-bit
/// Linux with glibc alone.
/// </remarks>
internal static class NativeFunction
{
    // dladdr1(3): the third result is the entry of the symbol table.
    private const int SymbolEntry = 1;
    // Elf64_Sym: name (4 bytes), info, other, section index (2), value (8), size (8).
    private const int ValueOffset = 8;
    private const int ReadOnly = 1;
    private const int ReadWrite = 3;

    /// <summary>Changes where the name leads.</summary>
    /// <param name="library">The native library.</param>
    /// <param name="name">The function.</param>
    /// <param name="replacement">The address of a function with the same arguments; it must live as long as the process.</param>
    /// <returns>The address of the function itself; 0 where nothing could be changed.</returns>
    public static nint Replace(nint library, string name, nint replacement)
    {
        // An assembly that can be unloaded would take the function with it that native code calls.
        var mayEnd = AssemblyLoadContext.GetLoadContext(typeof(NativeFunction).Assembly) is { IsCollectible: true };
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || mayEnd)
            return 0;
        if (!NativeLibrary.TryGetExport(library, name, out var address))
            return 0;
        if (!NativeLibrary.TryLoad("libc.so.6", out var libc) || !NativeLibrary.TryGetExport(libc, "dladdr1", out _))
            return 0;
        if (FindSymbol(address, out var symbol, out var entry, SymbolEntry) == 0
            || symbol.Address != address
            || Marshal.PtrToStringUTF8(symbol.Name) != name)
        {
            return 0;
        }

        var place = entry + ValueOffset;
        // A symbol's value is counted from where the library begins.
        var start = address - Marshal.ReadIntPtr(place);
        var page = place & ~(nint)(Environment.SystemPageSize - 1);
        if (Protect(page, Environment.SystemPageSize, ReadWrite) != 0)
            return 0;
        Marshal.WriteIntPtr(place, replacement - start);
        _ = Protect(page, Environment.SystemPageSize, ReadOnly);
        return address;
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
