using System.Globalization;

namespace FewShot.Runtime;

/// <summary>The processor that a time was measured on.</summary>
public static class Processor
{
    private const string LinuxFile = "/proc/cpuinfo";

    /// <summary>Name of the processor and the number of cores that this process may use: "AMD EPYC 9654, 2 cores".</summary>
    public static string Description { get; } = Describe(Model(), Environment.ProcessorCount);

    internal static string Describe(string? model, int cores) => string.Create(
        CultureInfo.InvariantCulture,
        $"{(string.IsNullOrWhiteSpace(model) ? "unknown processor" : model.Trim())}, {cores} {(cores == 1 ? "core" : "cores")}");

    /// <summary>The first "model name" of Linux's list of processors; null where it has none.</summary>
    internal static string? ModelIn(IEnumerable<string> lines) =>
        lines.Where(line => line.StartsWith("model name", StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
            .FirstOrDefault();

    private static string? Model()
    {
        try
        {
            return OperatingSystem.IsLinux()
                ? ModelIn(File.ReadLines(LinuxFile))
                : Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER");
        }
        catch (IOException)
        {
            return null;
        }
    }
}
