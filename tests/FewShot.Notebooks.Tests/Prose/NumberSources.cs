using System.Reflection;
using System.Text.RegularExpressions;
using FewShot.Course;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Notebooks.Tests.Prose;

/// <summary>
/// Where results come from: <c>data/records/x.json: key; key</c> (a record's results, one key for each number; a key with ", low" and
/// ", high" beside it also stands for "value [low, high]"; "key + key" for a sum; "key | draws" for the mean over "key | draw 0" and so
/// on, with its interval), <c>output: text</c> (what a cell of the notebook printed, with the numbers in the same order), or
/// <c>published: Name</c> (a property of <see cref="Published"/>, whose author the paragraph or table must name).
/// </summary>
internal sealed partial class NumberSources
{
    private readonly Dictionary<string, IReadOnlyDictionary<string, double>> records;

    /// <param name="records">The results of each record, by its path.</param>
    public NumberSources(IEnumerable<KeyValuePair<string, IReadOnlyDictionary<string, double>>> records) => this.records = new(records);

    /// <summary>The course's own.</summary>
    public static NumberSources OfTheCourse { get; } = new(new[] { "data/records", "data/meta" }
        .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Course.Root, folder), "*.json")
            .Select(path => (Name: $"{folder}/{Path.GetFileName(path)}", Path: path)))
        .Select(file => KeyValuePair.Create(file.Name, RunRecord.Read(file.Path).Results)));

    /// <summary>Why the numbers of an entry are not those of its source; null where they are.</summary>
    /// <param name="entry">The entry, with a source.</param>
    /// <param name="outputs">What the page's cells printed.</param>
    /// <param name="paragraphs">The paragraphs that the phrase stands in.</param>
    public string? Fault(NumberEntry entry, string outputs, IEnumerable<string> paragraphs)
    {
        var numbers = ProseNumber.In(entry.Phrase).ToList();
        var (kind, rest) = entry.Source!.Split(": ", 2) is [var first, var second] ? (first, second) : (entry.Source, string.Empty);
        return kind switch
        {
            "output" when !outputs.Contains(rest, StringComparison.Ordinal) => $"no cell printed \"{rest}\"",
            "output" => Unlike(numbers, [.. ProseNumber.In(rest).Select(number => number.Value)]),
            "published" => PublishedFault(numbers, rest, paragraphs),
            _ when !records.ContainsKey(kind) => $"there is no record {kind}",
            _ => RecordFault(numbers, kind, [.. rest.Split("; ")]),
        };
    }

    /// <summary>Results of records that read like a number, as sources.</summary>
    public IEnumerable<string> Like(ProseNumber number) =>
        from record in records
        from result in record.Value
        where number.Shows(result.Value)
        select $"{record.Key}: {result.Key}";

    private string? RecordFault(List<ProseNumber> numbers, string record, IReadOnlyList<string> keys)
    {
        var results = records[record];
        var values = new List<double>();
        foreach (var key in keys)
        {
            if (Draws(results, key) is { Count: > 1 } draws)
            {
                values.AddRange(WithInterval(draws));
            }
            else if (Sum(results, key) is not { } value)
            {
                return $"{record} has no result \"{key}\"";
            }
            else if (numbers.Count == keys.Count)
            {
                values.Add(value);
            }
            else
            {
                var low = results.GetValueOrDefault($"{key}, low", double.NaN);
                var high = results.GetValueOrDefault($"{key}, high", double.NaN);
                values.AddRange([value, low, high]);
            }
        }

        return Unlike(numbers, values);
    }

    private static double? Sum(IReadOnlyDictionary<string, double> results, string keys) =>
        keys.Split(" + ")
            .Select(key => results.TryGetValue(key, out var value) ? value : (double?)null)
            .Aggregate((sum, value) => sum + value);

    private static List<double> Draws(IReadOnlyDictionary<string, double> results, string key) =>
        [.. results.Where(result => Draw().Replace(result.Key, "| draws") == key && result.Key != key).Select(result => result.Value)];

    private static double[] WithInterval(List<double> draws)
    {
        var interval = Interval.OfMean(draws);
        return [draws.Average(), interval.Low, interval.High];
    }

    private static string? PublishedFault(List<ProseNumber> numbers, string name, IEnumerable<string> paragraphs)
    {
        if (typeof(Published).GetProperty(name, BindingFlags.Public | BindingFlags.Static)?.GetValue(null) is not Published published)
            return $"{nameof(Published)}.cs has no {name}";
        return paragraphs.All(paragraph => paragraph.Contains(published.Author, StringComparison.Ordinal))
            ? Unlike(numbers, [published.Value])
            : $"the paragraph or table does not name {published.Author}";
    }

    private static string? Unlike(IReadOnlyList<ProseNumber> numbers, IReadOnlyList<double> values)
    {
        if (numbers.Count == values.Count && numbers.Zip(values).All(pair => pair.First.Shows(pair.Second)))
            return null;
        var had = values.Select(value => value.ToString("0.####", System.Globalization.CultureInfo.InvariantCulture));
        return $"the source has {string.Join(", ", had)}";
    }

    [GeneratedRegex(@"\| draw \d+$")]
    private static partial Regex Draw();
}
