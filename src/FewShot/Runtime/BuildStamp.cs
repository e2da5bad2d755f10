using System.Reflection;

namespace FewShot.Runtime;

/// <summary>
/// What the build wrote into the library about itself: version, commit, and whether its sources were those of the commit.
/// </summary>
internal static class BuildStamp
{
    /// <summary>The sources had been edited since the commit.</summary>
    public const string Changed = "changed";

    private const string Unknown = "unknown";
    private const string WorkingTreeKey = "WorkingTree";

    private static readonly string Informational =
        typeof(BuildStamp).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? Unknown;

    private static readonly int Plus = Informational.IndexOf('+', StringComparison.Ordinal);

    /// <summary>The version of the library.</summary>
    public static string Version => Plus < 0 ? Informational : Informational[..Plus];

    /// <summary>The commit, or "unknown".</summary>
    public static string Commit => Plus < 0 ? Unknown : Informational[(Plus + 1)..];

    /// <summary>"clean", "changed" or "unknown": the target StampWorkingTree in FewShot.csproj asks git.</summary>
    public static string WorkingTree { get; } = typeof(BuildStamp).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .FirstOrDefault(entry => entry.Key == WorkingTreeKey)?.Value ?? Unknown;
}
