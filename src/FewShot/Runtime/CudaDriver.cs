using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace FewShot.Runtime;

/// <summary>Asks NVIDIA's driver itself, by its C interface, which libtorch stands on.</summary>
internal static class CudaDriver
{
    private const string Advice =
        "NVIDIA's driver must be installed (nvidia-smi lists the GPU); "
        + "a container needs NVIDIA's container toolkit on its host and --gpus=all.";

    // Numbers of cuda.h.
    private const int Success = 0, CapabilityMajor = 75, CapabilityMinor = 76;

    private delegate int Initialise(uint flags);

    private delegate int GetNumber(out int number);

    private delegate int GetDevice(out int device, int ordinal);

    private delegate int GetName(byte[] name, int length, int device);

    private delegate int GetAttribute(out int value, int attribute, int device);

    private delegate int GetMemory(out nuint free, out nuint total);

    private static string File => OperatingSystem.IsWindows() ? "nvcuda.dll" : "libcuda.so.1";

    /// <summary>Version of the driver, and of each GPU its name and compute capability.</summary>
    public static DeviceFinding Finding()
    {
        if (!NativeLoader.TryLoad(File, out var library, out var cause))
            return new(false, "Driver", $"{File} does not load ({NativeLoader.Reason(File, cause)}). {Advice}");
        var status = Function<Initialise>(library, "cuInit")(0);
        if (status != Success)
        {
            return new(false, "Driver", string.Create(
                CultureInfo.InvariantCulture,
                $"{File} loads, but does not start (CUDA error {status}: {Meaning(status)}). {Advice}"));
        }

        _ = Function<GetNumber>(library, "cuDriverGetVersion")(out var version);
        _ = Function<GetNumber>(library, "cuDeviceGetCount")(out var count);
        var gpus = Enumerable.Range(0, count).Select(ordinal => Gpu(library, ordinal));
        return new(count > 0, "Driver", string.Create(
            CultureInfo.InvariantCulture,
            $"{Release()}CUDA up to {version / 1000}.{version % 1000 / 10}; ")
            + (count > 0 ? string.Join("; ", gpus) : $"no GPU. {Advice}"));
    }

    /// <summary>Free bytes on the GPU that this thread computes on, or null where nothing was computed there yet.</summary>
    public static long? FreeBytes() =>
        NativeLoader.TryLoad(File, out var library, out _)
        && Function<GetMemory>(library, "cuMemGetInfo_v2")(out var free, out _) == Success ? (long)free : null;

    /// <summary>What the numbers mean that a broken installation gives.</summary>
    internal static string Meaning(int status) => status switch
    {
        3 => "the driver is not initialised",
        100 => "there is no GPU",
        101 => "there is no such GPU",
        802 => "the system is not ready: is the service nvidia-fabricmanager running?",
        803 => "the driver's library and its kernel module are of two versions: start the machine again",
        804 => "this GPU cannot run a newer CUDA than its driver's",
        999 => "unknown: load the kernel module again or start the machine again",
        _ => "see CUresult in NVIDIA's documentation",
    };

    private static string Gpu(nint library, int ordinal)
    {
        _ = Function<GetDevice>(library, "cuDeviceGet")(out var device, ordinal);
        var name = new byte[256];
        _ = Function<GetName>(library, "cuDeviceGetName")(name, name.Length, device);
        var attribute = Function<GetAttribute>(library, "cuDeviceGetAttribute");
        _ = attribute(out var major, CapabilityMajor, device);
        _ = attribute(out var minor, CapabilityMinor, device);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"GPU {ordinal}: {Encoding.UTF8.GetString(name).TrimEnd('\0')}, compute capability {major}.{minor}");
    }

    /// <summary>The version as NVIDIA counts its drivers, where the kernel module tells it.</summary>
    private static string Release()
    {
        const string Module = "/sys/module/nvidia/version";
        return System.IO.File.Exists(Module) ? $"{System.IO.File.ReadAllText(Module).Trim()}; " : string.Empty;
    }

    private static T Function<T>(nint library, string name)
        where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(library, name));
}
