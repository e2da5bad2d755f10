using System.Globalization;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>
/// Whether this process can really compute, on a GPU where there is one: that a library says that it is available proves nothing. The
/// command <c>doctor</c> and the first notebook call it, since a program and a notebook may load different files.
/// </summary>
public static class DeviceCheck
{
    /// <summary>Looks at the files, loads the libraries, asks the driver, and computes. It takes a few seconds.</summary>
    /// <returns>At least one finding for each thing. Without a GPU those of it are not right and say what is missing.</returns>
    /// <exception cref="FewShotException">libtorch does not load at all.</exception>
    public static IReadOnlyList<DeviceFinding> Run()
    {
        Torch.Load();
        return
        [
            .. LibraryFile.Findings(),
            LoadedLibraries.Finding(LoadedLibraries.OfThisProcess()),
            .. CudaLibraries.Findings(NativeLoader.Folders()),
            CudaDriver.Finding(),
            .. Computation(),
        ];
    }

    private static IEnumerable<DeviceFinding> Computation()
    {
        if (!torch.cuda.is_available())
        {
            yield return new(false, "GPU", "libtorch sees none: the lines above say what is missing. The course computes on the CPU.");
            yield return DeviceArithmetic.Agreement(torch.CPU);
            yield return DeviceArithmetic.Memory(torch.CPU, () => null);
            yield break;
        }

        yield return new(true, "GPU", string.Create(CultureInfo.InvariantCulture, $"libtorch sees {torch.cuda.device_count()}."));
        yield return DeviceArithmetic.Agreement(torch.CUDA);
        yield return DeviceArithmetic.Memory(torch.CUDA, CudaDriver.FreeBytes);
    }
}
