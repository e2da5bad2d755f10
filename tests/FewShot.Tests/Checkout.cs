namespace FewShot.Tests;

/// <summary>The copy of the repository that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FewShot.sln")))
            folder = Path.GetDirectoryName(folder)
                ?? throw new InvalidOperationException($"No FewShot.sln above {AppContext.BaseDirectory}.");
        return folder;
    }
}
