using System.Globalization;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>The way to libtorch: native loading, the device, and the seed.</summary>
public static class Torch
{
    /// <summary>The variable that names the device: <c>cpu</c> or <c>cuda</c>.</summary>
    public const string DeviceVariable = "FEWSHOT_DEVICE";

    private static readonly Lazy<torch.Device> ChosenDevice = new(ChooseDevice);
    private static readonly AsyncLocal<torch.Device?> OwnDevice = new();

    /// <summary>The device that all heavy work uses: <c>FEWSHOT_DEVICE</c>, else CUDA where it works, else the CPU.</summary>
    /// <exception cref="FewShotException">The variable holds another word, or asks for CUDA where there is none.</exception>
    public static torch.Device Device => OwnDevice.Value ?? ChosenDevice.Value;

    /// <summary>Loads the native libraries; done by itself before this library's first use, and harmless when repeated.</summary>
    /// <exception cref="FewShotException">The native libraries cannot be loaded; the message says which and why.</exception>
    public static void Load() => NativeLoader.Load();

    /// <summary>Seeds libtorch's generators, on the CPU and on every GPU.</summary>
    public static void Seed(long seed)
    {
        Load();
        _ = torch.random.manual_seed(seed);
    }

    /// <summary>One line on what computes: device, libtorch, threads.</summary>
    public static string Describe()
    {
        var device = Device;
        var threads = torch.get_num_threads().ToString(CultureInfo.InvariantCulture);
        return device.type == DeviceType.CUDA
            ? $"CUDA GPU ({torch.cuda.device_count().ToString(CultureInfo.InvariantCulture)} visible), libtorch {torch.__version__}"
            : $"CPU with {threads} {(threads == "1" ? "thread" : "threads")}, libtorch {torch.__version__}";
    }

    /// <summary>Another device for this flow of control, to compare two in one process; null for the chosen one again.</summary>
    internal static void Use(torch.Device? device) => OwnDevice.Value = device;

    private static torch.Device ChooseDevice()
    {
        Load();
        var asked = Environment.GetEnvironmentVariable(DeviceVariable)?.Trim().ToLowerInvariant();
        return asked switch
        {
            "cpu" => torch.CPU,
            "cuda" => torch.cuda.is_available()
                ? torch.CUDA
                : throw new FewShotException(
                    $"{DeviceVariable}=cuda, but libtorch sees no CUDA device. "
                    + $"Build with -p:TorchBackend=cuda on a machine with an NVIDIA driver, or set {DeviceVariable}=cpu."),
            null or "" => torch.cuda.is_available() ? torch.CUDA : torch.CPU,
            _ => throw new FewShotException($"{DeviceVariable} is '{asked}': use cpu or cuda, or leave it unset."),
        };
    }
}
