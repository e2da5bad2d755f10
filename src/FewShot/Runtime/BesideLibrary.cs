namespace FewShot.Runtime;

/// <summary>
/// Files that the build lays beside this library, which another kernel for notebooks loads from a folder that is not its own.
/// </summary>
internal static class BesideLibrary
{
    /// <summary>The path of a file or folder there.</summary>
    public static string At(params ReadOnlySpan<string> place)
    {
        var folder = Path.GetDirectoryName(typeof(BesideLibrary).Assembly.Location);
        return Path.Combine([string.IsNullOrEmpty(folder) ? AppContext.BaseDirectory : folder, .. place]);
    }
}
