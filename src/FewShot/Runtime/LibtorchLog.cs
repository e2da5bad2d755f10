using System.Runtime.InteropServices;

namespace FewShot.Runtime;

/// <summary>
/// The lowest severity that libtorch writes to the process's standard error: a number in libc10, which TorchSharp does not wrap.
/// </summary>
internal static class LibtorchLog
{
    // glog's numbers: 0 information, 1 warnings, 2 errors.
    private const int Errors = 2;
    private static readonly nint Level = Find();

    /// <summary>Does something without libtorch's warnings, where its library lets them be switched off.</summary>
    public static void WithoutWarnings(Action action)
    {
        if (Level == 0)
        {
            action();
            return;
        }

        var before = Marshal.ReadInt32(Level);
        Marshal.WriteInt32(Level, Errors);
        try
        {
            action();
        }
        finally
        {
            Marshal.WriteInt32(Level, before);
        }
    }

    private static nint Find() =>
        NativeLibrary.TryLoad("libc10.so", out var library)
        && NativeLibrary.TryGetExport(library, "FLAGS_caffe2_log_level", out var level)
            ? level
            : 0;
}
