using System.Text.RegularExpressions;

namespace FewShot.Tests;

/// <summary>The folders of the library use each other in one direction only, as the table in src/README.md draws it.</summary>
public partial class ArrowTests
{
    private static readonly string Source = Path.Combine(Root(), "src");

    /// <summary>Each folder of the table in its order, with the folders that it may use.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> Table = Row().Matches(File.ReadAllText(Path.Combine(Source, "README.md")))
        .ToDictionary(row => row.Groups["folder"].Value, row => row.Groups["uses"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public static TheoryData<string> Folders => [.. Directory.EnumerateDirectories(Path.Combine(Source, "FewShot")).Select(path => Path.GetFileName(path)).Where(name => name is not ("bin" or "obj")).Order(StringComparer.Ordinal)];

    [Fact]
    public void Should_UseFoldersAboveOnly_When_TheTableIsReadFromTheTop()
    {
        var order = Table.Keys.ToList();
        Assert.All(Table, row => Assert.All(row.Value, used => Assert.InRange(order.IndexOf(used), 0, order.IndexOf(row.Key) - 1)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Should_UseWhatTheTableSays_When_TheCodeIsRead(string folder) => Assert.Equal(Table[folder].Order(), Used(folder));

    /// <summary>The other folders whose namespaces the code of a folder names.</summary>
    private static IEnumerable<string> Used(string folder) => Directory.EnumerateFiles(Path.Combine(Source, "FewShot", folder), "*.cs", SearchOption.AllDirectories)
        .SelectMany(path => Namespace().Matches(File.ReadAllText(path)))
        .Select(match => match.Groups["folder"].Value)
        .Where(name => name != folder && Table.ContainsKey(name))
        .Distinct()
        .Order();

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "FewShot.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"No FewShot.sln above {AppContext.BaseDirectory}.");
        return folder;
    }

    [GeneratedRegex(@"^\| (?<folder>[A-Z]\w+) \| [^|]+ \|(?<uses>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\bFewShot\.(?<folder>\w+)\b")]
    private static partial Regex Namespace();
}
