using System.Globalization;

namespace FewShot.Runtime;

/// <summary>
/// Loads each of CUDA's and cuDNN's libraries by itself. libtorch loads many of them only when an operation needs them, and then speaks of
/// the operation and not of the file.
/// </summary>
internal static class CudaLibraries
{
    private static readonly string[] Beginnings =
    [
        "libcudart", "libnvJitLink", "libnvrtc", "libcublasLt", "libcublas", "libcusparse", "libcusolver", "libcufft", "libcurand",
        "libcupti", "libcufile", "libnvToolsExt", "libcudnn", "libnccl", "libcaffe2_nvrtc", "libc10_cuda", "libtorch_cuda",
    ];

    /// <summary>One finding where all load or there are none; else one for each that does not, with the system's own words.</summary>
    /// <param name="folders">Where native files lie.</param>
    public static IReadOnlyList<DeviceFinding> Findings(IEnumerable<string> folders)
    {
        var files = folders.SelectMany(Directory.EnumerateFiles)
            .Where(path => path.Contains(".so", StringComparison.Ordinal) && !path.EndsWith(".sha", StringComparison.Ordinal))
            .Select(path => (Path: path, Order: Array.FindIndex(Beginnings, Path.GetFileName(path).StartsWith)))
            .Where(file => file.Order >= 0)
            .OrderBy(file => file.Order).ThenBy(file => file.Path, StringComparer.Ordinal)
            .Select(file => file.Path)
            .ToList();
        if (files.Count == 0)
        {
            return
            [
                new(false, "CUDA", "none of its libraries lies beside the program, which was built for the CPU. "
                    + "For a GPU build with -p:TorchBackend=cuda."),
            ];
        }

        var faults = new List<DeviceFinding>();
        foreach (var file in files)
        {
            if (!NativeLoader.TryLoad(file, out _, out var cause))
                faults.Add(new(false, "CUDA", $"{file} does not load: {NativeLoader.Reason(file, cause)}"));
        }

        if (!files.Any(file => Path.GetFileName(file).StartsWith("libcudnn", StringComparison.Ordinal)))
            faults.Add(new(false, "CUDA", "cuDNN's libraries are not beside the program: restore the packages and build again."));
        var all = string.Create(CultureInfo.InvariantCulture, $"{files.Count} libraries of CUDA and cuDNN load, each by itself");
        return faults.Count > 0 ? faults : [new(true, "CUDA", all)];
    }
}
