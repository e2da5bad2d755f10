using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>
/// A published split of a data set's classes, carried inside the library as lines of text: part, then what belongs to it.
/// </summary>
internal sealed class SplitList
{
    private readonly List<string[]> lines;

    private SplitList(List<string[]> lines) => this.lines = lines;

    /// <summary>Reads <c>Data/Splits/NAME.txt</c> as it was when the library was built.</summary>
    public static SplitList Carried(string name) => new([.. CarriedLines(name).Select(line => line.Split(' '))]);

    /// <summary>The lines of <c>Data/Splits/NAME.txt</c>, comments left out.</summary>
    public static IReadOnlyList<string> CarriedLines(string name)
    {
        using var stream = typeof(SplitList).Assembly.GetManifestResourceStream($"splits/{name}.txt")
            ?? throw new FewShotException($"splits/{name}.txt is not inside FewShot.dll: build the library again.");
        using var reader = new StreamReader(stream);
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (!line.StartsWith('#'))
                lines.Add(line);
        }

        return lines;
    }

    /// <summary>The words after the part's name, in the order of the list.</summary>
    /// <param name="part"><c>train</c>, <c>validation</c> or <c>test</c>.</param>
    public IEnumerable<string[]> Of(string part) => lines.Where(line => line[0] == part).Select(line => line[1..]);
}
