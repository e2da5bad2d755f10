using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Sessions;

/// <summary>A notebook as one text, in which lines of <c>#!</c> begin the cells.</summary>
internal static class DibFile
{
    // Of no language: what is said about the notebook, and texts between the cells.
    private static readonly string[] Left = ["#!meta", "#!markdown", "#!raw"];

    /// <summary>Its cells of code, each with blank lines above it in place of the others, so that lines are those of the file.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IEnumerable<Cell> Read(string path)
    {
        var lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        int[] starts = [0, .. Enumerable.Range(1, lines.Length - 1).Where(i => IsStart(lines[i])), lines.Length];
        return starts.Zip(starts.Skip(1))
            .Where(range => !Left.Contains(CellLanguages.Word(lines[range.First])))
            .Select(range => new string('\n', range.First) + string.Join('\n', lines[range.First..range.Second]))
            .Where(text => !string.IsNullOrWhiteSpace(text))
            .Select((text, i) => new Cell(i + 1, text) { Source = path });
    }

    private static bool IsStart(string line) =>
        CellLanguages.Word(line) is var word && word != CellLanguages.Import && (CellLanguages.IsHeading(word) || Left.Contains(word));
}
