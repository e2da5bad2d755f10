using System.CommandLine;
using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Kernel.Commands;

/// <summary>Where a command finds texts and labels in a table.</summary>
internal sealed class TextColumns
{
    private static readonly TextCsvOptions Defaults = new();

    public Option<string> Text { get; } = new("--text-column")
    {
        Description = "Of a table: the column of the texts.",
        DefaultValueFactory = _ => Defaults.TextColumn,
    };

    public Option<string> Label { get; } = new("--label-column")
    {
        Description = "Of a table: the column of the classes.",
        DefaultValueFactory = _ => Defaults.LabelColumn,
    };

    /// <summary>Whether a path is that of a table of texts; otherwise it is meant as a folder of photos.</summary>
    /// <exception cref="FewShotException">It is a file, but no table.</exception>
    public static bool IsTable(string path)
    {
        var extension = Path.GetExtension(path).ToLowerInvariant();
        if (extension is ".csv" or ".tsv" && !Directory.Exists(path))
            return true;
        return File.Exists(path)
            ? throw new FewShotException(
                $"{path} is a file: give a folder with one folder of photos for each class, or a .csv or .tsv table of texts.")
            : false;
    }

    public TextSet Read(ParseResult arguments, string path) => TextCsv.Read(path, Defaults with
    {
        TextColumn = arguments.GetRequiredValue(Text),
        LabelColumn = arguments.GetRequiredValue(Label),
        Separator = path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : Defaults.Separator,
    });
}
