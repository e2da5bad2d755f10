namespace FewShot.Notebooks.Tests;

/// <summary>The notebooks of this copy of the course.</summary>
internal static class Course
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "notebooks");

    public static IReadOnlyList<string> Names { get; } = [.. Directory.EnumerateFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> All => [.. Names];

    public static TheoryData<string> AllWithSolutions =>
        [.. Names.Concat(Directory.EnumerateFiles(Path.Combine(Folder, "solutions"), "*.ipynb").Select(path => Path.Combine("solutions", Path.GetFileName(path))).Order(StringComparer.Ordinal))];

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "FewShot.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"No FewShot.sln above {AppContext.BaseDirectory}.");
    }
}
