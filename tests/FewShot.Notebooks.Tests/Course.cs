namespace FewShot.Notebooks.Tests;

/// <summary>The notebooks of this copy of the course.</summary>
internal static class Course
{
    public static string Root { get; } = FindRoot();

    public static string Folder { get; } = Path.Combine(Root, "notebooks");

    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.EnumerateFiles(Folder, "*.ipynb").Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> All => [.. Names];

    public static TheoryData<string> AllWithSolutions => [.. WithSolutions];

    /// <summary>What runs in seconds.</summary>
    public static TheoryData<string> Short => [.. Names.Where(name => !TakesMinutes(name))];

    /// <summary>
    /// Notebooks 01, 03 and 05 to 12, which run for most of a minute or longer: their tests are explicit, and run when all are asked for.
    /// </summary>
    public static TheoryData<string> Long => [.. Names.Where(TakesMinutes)];

    public static TheoryData<string> ShortWithSolutions => [.. WithSolutions.Where(name => !TakesMinutes(name))];

    public static TheoryData<string> LongSolutions => [.. WithSolutions.Except(Names).Where(TakesMinutes)];

    private static IEnumerable<string> WithSolutions => Names.Concat(
        Directory.EnumerateFiles(Path.Combine(Folder, "solutions"), "*.ipynb")
            .Select(path => Path.Combine("solutions", Path.GetFileName(path)))
            .Order(StringComparer.Ordinal));

    private static bool TakesMinutes(string name) => Path.GetFileName(name)[..2] is not ("00" or "02" or "04");

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
