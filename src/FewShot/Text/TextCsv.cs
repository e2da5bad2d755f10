using System.Globalization;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using FewShot.Runtime;

namespace FewShot.Text;

/// <summary>Reads labelled texts from a table with a heading: quoted as spreadsheets quote (RFC 4180), in UTF-8.</summary>
public static class TextCsv
{
    private const int HeadingsShown = 8;
    private const int CharactersShown = 60;

    /// <summary>Reads a file; the classes are numbered in the alphabetical order of their names.</summary>
    /// <param name="path">The file.</param>
    /// <param name="options">Names of the columns, separator and bounds.</param>
    /// <exception cref="FewShotException">The file is missing, a column is missing, a row is too long or wrongly quoted, a field is
    /// empty or not UTF-8, or there are fewer than two classes; the message names file and line.</exception>
    public static TextSet Read(string path, TextCsvOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        if (!File.Exists(path))
            throw new FewShotException($"{path} is missing: give a table of texts and labels, with a line for each text.");
        try
        {
            using var stream = File.OpenRead(path);
            return Read(stream, path, options);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException($"{path} cannot be read: {e.Message}", e);
        }
    }

    /// <summary>Reads a stream.</summary>
    /// <inheritdoc cref="Read(string, TextCsvOptions?)"/>
    /// <param name="stream">The bytes.</param>
    /// <param name="path">What messages call it.</param>
    /// <param name="options"/>
    internal static TextSet Read(Stream stream, string path, TextCsvOptions? options = null)
    {
        options ??= new TextCsvOptions();
        using var csv = CsvReader.Create(stream, new CsvReaderOptions
        {
            Separator = options.Separator,
            MaxRecordSize = options.MaximumRowBytes,
            TrackLineNumbers = true,
            MalformedData = CsvMalformedDataHandling.Throw,
        });
        List<string> texts = [], labels = [];
        try
        {
            csv.ReadHeader();
            var (text, label) = (Column(csv, path, options.TextColumn), Column(csv, path, options.LabelColumn));
            while (csv.Read())
            {
                if (texts.Count == options.MaximumRows)
                {
                    throw new FewShotException(string.Create(
                        CultureInfo.InvariantCulture,
                        $"{path} has more than {options.MaximumRows:N0} rows: raise MaximumRows if they are meant."));
                }

                texts.Add(Field(csv, text, path, options.TextColumn));
                labels.Add(Field(csv, label, path, options.LabelColumn));
            }
        }
        catch (CsvFormatException e)
        {
            throw new FewShotException(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{path}, line {e.LineNumber}: {e.Message} A text with quotation marks, separators or line breaks stands in quotation "
                    + $"marks, those inside it doubled; a row has at most {options.MaximumRowBytes:N0} bytes (MaximumRowBytes)."),
                e);
        }

        string[] names = [.. labels.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        if (names.Length < 2)
        {
            throw new FewShotException(
                $"{path} has {(names.Length == 0 ? "no row below its heading" : $"one label only, '{names[0]}'")}: "
                + "at least two classes are needed to tell apart.");
        }

        var numbers = names.Index().ToDictionary(name => name.Item, name => (long)name.Index, StringComparer.Ordinal);
        return new TextSet(Path.GetFileNameWithoutExtension(path), texts, labels.Select(label => numbers[label]), names);
    }

    private static int Column(CsvReader csv, string path, string wanted)
    {
        string[] headings = [.. csv.Headers];
        return Array.FindAll(headings, heading => heading.Trim() == wanted).Length switch
        {
            1 => Array.FindIndex(headings, heading => heading.Trim() == wanted),
            0 when headings.Length == 0 => throw new FewShotException($"{path} is empty: its first line must name the columns."),
            0 => throw new FewShotException(
                $"{path}, line 1: no column is called '{wanted}'; found {string.Join(", ", headings.Take(HeadingsShown).Select(Shown))}"
                + $"{(headings.Length > HeadingsShown ? " and more" : string.Empty)}. The first line must name the columns; say with "
                + "TextColumn and LabelColumn what they are called, and with Separator what stands between them."),
            var count => throw new FewShotException($"{path}, line 1: {count} columns are called '{wanted}'. Rename all but one."),
        };
    }

    private static string Field(CsvReader csv, int column, string path, string name)
    {
        if (column >= csv.FieldCount)
            throw Fault($"the row ends before the column '{name}'. Fill it in, or delete the line.");
        var bytes = csv.GetSpan(column);
        // Bytes that are no text would become question marks that nobody notices.
        if (!Utf8.IsValid(bytes))
            throw Fault($"the column '{name}' holds bytes that are not UTF-8. Save the table again as \"CSV UTF-8\".");
        var field = Encoding.UTF8.GetString(bytes).Trim();
        return field.Length > 0 ? field : throw Fault($"the column '{name}' is empty. Fill it in, or delete the line.");

        FewShotException Fault(string what) => new($"{path}, line {Number(csv.LineNumber)}: {what}");
    }

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Shown(string text) => text.Length <= CharactersShown ? $"'{text}'" : $"'{text[..CharactersShown]}...'";
}
