namespace FewShot.Tests;

public class SourceLineTests
{
    private const int Longest = 140;
    private const string RawString = "\"\"\"";

    /// <summary>The content of a raw string is what it is: its lines may be longer.</summary>
    [Theory]
    [InlineData("src")]
    [InlineData("tests")]
    public void Should_FitTheLine_When_CodeIsRead(string folder) => Assert.Empty(
        Directory.EnumerateFiles(Path.Combine(Checkout.Root, folder), "*.cs", SearchOption.AllDirectories)
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Contains("obj"))
            .SelectMany(LongLines));

    private static IEnumerable<string> LongLines(string path)
    {
        var isRaw = false;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var marks = line.Split(RawString).Length - 1;
            if (line.Length > Longest && marks == 0 && !isRaw)
                yield return $"{path}:{index + 1}";
            isRaw ^= marks % 2 == 1;
        }
    }
}
