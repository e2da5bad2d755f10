using System.Text.RegularExpressions;

namespace FewShot.Tests;

/// <summary>
/// The folders of the library, and those of the kernel, use each other in one direction only, as the tables in src/README.md draw it.
/// </summary>
public partial class ArrowTests
{
    private static readonly string Source = Path.Combine(Checkout.Root, "src");

    /// <summary>Each folder of the table in its order, with the folders that it may use.</summary>
    private static readonly IReadOnlyDictionary<string, string[]> Table = Row().Matches(File.ReadAllText(Path.Combine(Source, "README.md")))
        .ToDictionary(
            row => row.Groups["folder"].Value,
            row => row.Groups["uses"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    public static TheoryData<string, string> Folders
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var project in new[] { "FewShot", "FewShot.Kernel" })
            {
                var folders = Directory.EnumerateDirectories(Path.Combine(Source, project))
                    .Where(path => Files(path).Any())
                    .Select(path => Path.GetFileName(path))
                    .Order(StringComparer.Ordinal);
                foreach (var folder in folders)
                    data.Add(project, folder);
            }

            return data;
        }
    }

    [Fact]
    public void Should_UseFoldersAboveOnly_When_TheTableIsReadFromTheTop()
    {
        var order = Table.Keys.ToList();
        Assert.All(Table, row => Assert.All(row.Value, used => Assert.InRange(order.IndexOf(used), 0, order.IndexOf(row.Key) - 1)));
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Should_UseWhatTheTableSays_When_TheCodeIsRead(string project, string folder) =>
        Assert.Equal(Table[folder].Order(), Used(project, folder));

    /// <summary>The other folders of the project whose namespaces the code of a folder names.</summary>
    private static IEnumerable<string> Used(string project, string folder) => Files(Path.Combine(Source, project, folder))
        .SelectMany(path => Regex.Matches(File.ReadAllText(path), $@"\b{Regex.Escape(project)}\.(?<folder>\w+)\b"))
        .Select(match => match.Groups["folder"].Value)
        .Where(name => name != folder && Directory.Exists(Path.Combine(Source, project, name)))
        .Distinct()
        .Order();

    private static IEnumerable<string> Files(string folder) =>
        Path.GetFileName(folder) is "bin" or "obj" ? [] : Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);

    [GeneratedRegex(@"^\| (?<folder>[A-Z]\w+) \| [^|]+ \|(?<uses>[^|]*)\|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
