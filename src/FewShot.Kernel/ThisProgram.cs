using System.Runtime.InteropServices;

namespace FewShot.Kernel;

/// <summary>How to start this program again, wherever it was started from.</summary>
internal static class ThisProgram
{
    /// <summary>The host that runs it.</summary>
    public static string Host { get; } = FindHost();

    /// <summary>Its assembly, the host's first argument.</summary>
    public static string Assembly { get; } = typeof(ThisProgram).Assembly.Location;

    /// <summary>What starts it as a kernel; Jupyter puts the connection file in place of <c>{connection_file}</c>.</summary>
    public static IReadOnlyList<string> AsKernel { get; } = [Host, Assembly, "jupyter", "{connection_file}"];

    private static string FindHost()
    {
        var runtime = RuntimeEnvironment.GetRuntimeDirectory(); // <root>/shared/Microsoft.NETCore.App/10.0.0/
        var host = Path.GetFullPath(Path.Combine(runtime, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(host) ? host : "dotnet";
    }
}
