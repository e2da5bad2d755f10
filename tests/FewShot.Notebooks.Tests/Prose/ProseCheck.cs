using System.Text.RegularExpressions;

namespace FewShot.Notebooks.Tests.Prose;

/// <summary>Holds the numbers of a page to what is known of them.</summary>
/// <param name="list">The page's own list.</param>
/// <param name="everywhere">What may stand on every page.</param>
/// <param name="sources">Where results come from.</param>
internal sealed partial class ProseCheck(NumberList list, NumberList everywhere, NumberSources sources)
{
    /// <summary>Characters between two numbers that belong together.</summary>
    private const int Near = 12;

    /// <summary>
    /// A fault a line: of a number that no phrase holds, a phrase that is not on the page, and a number that its source does not have.
    /// </summary>
    public IEnumerable<string> Faults(ProsePage page) =>
        page.Pieces
            .SelectMany(piece => Neighbours(piece.Prose, Unknown(piece.Prose)).Select(numbers => Describe(page, piece, numbers)))
            .Concat(list.Entries.SelectMany(entry => EntryFaults(entry, page)));

    /// <summary>The numbers that no phrase holds.</summary>
    public IEnumerable<ProseNumber> Unknown(ProseText prose)
    {
        var known = list.Entries.Concat(everywhere.Entries)
            .SelectMany(entry => entry.Places(prose.Text).Select(start => (Start: start, End: start + entry.Phrase.Length)))
            .ToList();
        return ProseNumber.In(prose.Text).Where(number => !known.Any(phrase => phrase.Start <= number.Start && number.End <= phrase.End));
    }

    private IEnumerable<string> EntryFaults(NumberEntry entry, ProsePage page)
    {
        var fault = EntryFault(entry, page);
        if (fault is not null)
            yield return $"{list.Path}: \"{entry.Phrase}\": {fault}.";
    }

    private string? EntryFault(NumberEntry entry, ProsePage page)
    {
        var paragraphs = page.Pieces.SelectMany(piece => entry.Places(piece.Prose.Text).Select(piece.Prose.Paragraph)).ToList();
        if (paragraphs.Count == 0)
            return $"{page.Name} no longer says this: mend the page, or take the line out";
        if (!ProseNumber.In(entry.Phrase).Any())
            return "it holds no number: take the line out";
        if (entry.Source is null)
        {
            return LooksMeasured().IsMatch(entry.Phrase)
                ? "a share or an interval is a result: say where it comes from, \"... <- data/records/x.json: key\""
                : null;
        }

        return sources.Fault(entry, page.Outputs, paragraphs);
    }

    /// <summary>Numbers that stand so close together that one phrase does for them.</summary>
    private static IEnumerable<List<ProseNumber>> Neighbours(ProseText prose, IEnumerable<ProseNumber> numbers)
    {
        List<ProseNumber> together = [];
        foreach (var number in numbers)
        {
            if (together.Count > 0
                && (number.Start - together[^1].End > Near
                    || prose.Text.AsSpan(together[^1].End, number.Start - together[^1].End).ContainsAny("|\n")))
            {
                yield return together;
                together = [];
            }

            together.Add(number);
        }

        if (together.Count > 0)
            yield return together;
    }

    private string Describe(ProsePage page, ProsePiece piece, List<ProseNumber> numbers)
    {
        var phrase = Around(piece.Prose.Text, numbers[0].Start, numbers[^1].End);
        var isTelling = numbers[0].Value >= 100 || numbers[0].Shown.Contains('.', StringComparison.Ordinal);
        var source = isTelling ? sources.Like(numbers[0]).FirstOrDefault() : null;
        var shown = string.Join(", ", numbers.Select(number => $"\"{number.Shown}\""));
        return FormattableString.Invariant($"{page.Name}{piece.Where}, line {piece.Prose.Line(numbers[0].Start)}: ")
            + $"nothing says where {shown} comes from. Add to {list.Path} for a setting or a fact:\n{phrase}\n"
            + $"and for a result{(source is null ? string.Empty : ", perhaps")}:\n{phrase} <- "
            + (source ?? "(a record's file: key), (output: what a cell printed) or (published: Name)");
    }

    /// <summary>The numbers with two words on each side.</summary>
    private static string Around(string text, int start, int end)
    {
        var line = text.LastIndexOf('\n', start) + 1;
        var lineEnd = text.IndexOf('\n', end);
        var after = text[end..(lineEnd < 0 ? text.Length : lineEnd)];
        return $"{WordsBefore().Match(text[line..start])}{text[start..end]}{WordsAfter().Match(after)}".Trim(' ', '|', ',', ';', ':', '.');
    }

    /// <summary>"83.1 %" and "[82.8, 83.4]".</summary>
    [GeneratedRegex(@"\d\.\d+ %|\[\d+\.\d+, \d+\.\d+\]")]
    private static partial Regex LooksMeasured();

    [GeneratedRegex(@"(?:[^\s|]+ ){0,2}[^\s|]*$")]
    private static partial Regex WordsBefore();

    [GeneratedRegex(@"^[^\s|]*(?: [^\s|]+){0,2}")]
    private static partial Regex WordsAfter();
}
