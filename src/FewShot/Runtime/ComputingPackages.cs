using System.Reflection;
using MathNet.Numerics.Distributions;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>The packages whose arithmetic a result depends on.</summary>
internal static class ComputingPackages
{
    /// <summary>
    /// Their versions, by name: tensors (TorchSharp, libtorch), intervals (MathNet.Numerics), decoded images (SkiaSharp).
    /// </summary>
    public static IReadOnlyDictionary<string, string> Versions { get; } = new Dictionary<string, string>
    {
        ["TorchSharp"] = VersionOf(typeof(torch)),
        ["libtorch"] = torch.__version__,
        ["MathNet.Numerics"] = VersionOf(typeof(StudentT)),
        ["SkiaSharp"] = VersionOf(typeof(SKBitmap)),
    };

    private static string VersionOf(Type type)
    {
        var assembly = type.Assembly;
        var version = assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? assembly.GetName().Version?.ToString()
            ?? "unknown";
        // After the plus stands the package's own commit.
        return version.Split('+')[0];
    }
}
