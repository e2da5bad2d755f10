using System.Text;
using System.Text.RegularExpressions;

namespace FewShot.Notebooks.Tests.Prose;

/// <summary>
/// What a reader reads of a page of Markdown: without code, formulas, addresses, marks and the numbers of list items. A paragraph is one
/// line and ends with an empty one; a row of a table is a line of its own.
/// </summary>
internal sealed partial class ProseText
{
    private const char Left = '\0';

    private readonly string markdown;
    private readonly List<int> places;

    private ProseText(string markdown, string text, List<int> places) => (this.markdown, Text, this.places) = (markdown, text, places);

    /// <summary>The text.</summary>
    public string Text { get; }

    /// <summary>Reads a page.</summary>
    /// <param name="markdown">The page.</param>
    /// <param name="index">The two digits that the file's name starts with, which its heading repeats; or empty.</param>
    /// <param name="held">Parts, between <c>&lt;!-- name --&gt;</c> and <c>&lt;!-- /name --&gt;</c>, that another test holds to their
    /// records.</param>
    public static ProseText Read(string markdown, string index = "", IReadOnlyCollection<string>? held = null)
    {
        var rest = markdown;
        Leave(HeldPart(), match => held?.Contains(match.Groups["name"].Value) ?? false);
        foreach (var construct in new[] { Comment(), Fence(), CodeSpan(), Formula(), NumberedLink(), Link(), Address() })
            Leave(construct, _ => true);
        Leave(NumberedHeading(), match => match.Groups["left"].Value == index);
        var (text, places) = (new StringBuilder(), new List<int>());
        var (start, item) = (0, 0);
        foreach (var line in rest.Split('\n'))
        {
            AddLine(line, start);
            start += line.Length + 1;
        }

        return new ProseText(markdown, text.ToString(), places);

        void Leave(Regex construct, Func<Match, bool> isLeft) => rest = construct.Replace(rest, match =>
        {
            if (!isLeft(match))
                return match.Value;
            var kept = match.Value.ToCharArray();
            foreach (Capture left in match.Groups["left"].Captures)
            {
                for (var i = left.Index - match.Index; i < left.Index - match.Index + left.Length; i++)
                    kept[i] = kept[i] == '\n' ? '\n' : Left;
            }

            return new string(kept);
        });

        void AddLine(string line, int at)
        {
            var isApart = line.StartsWith('#') || line.All(c => c is Left || char.IsWhiteSpace(c));
            if (isApart)
                AddBreak(at);
            else if (text.Length > 0 && !char.IsWhiteSpace(text[^1]))
                Add(line.StartsWith('|') ? "\n" : " ", at);
            for (var i = Marks(line, isApart); i < line.Length; i++)
            {
                if (line[i] is not (Left or '*') && !(char.IsWhiteSpace(line[i]) && (text.Length == 0 || char.IsWhiteSpace(text[^1]))))
                    Add(line[i] == '\t' ? " " : line[i].ToString(), at + i);
            }

            if (line.StartsWith('#'))
                AddBreak(at);
        }

        // "#" and "-" are marks; "1." is one where a list or a heading begins, and "2." after it. Elsewhere a line that starts so is prose.
        int Marks(string line, bool isApart)
        {
            var match = Mark().Match(line);
            if (!match.Groups[2].Success)
            {
                item = isApart ? 0 : item;
                return match.Groups[1].Length;
            }

            var number = int.Parse(match.Groups[2].Value, System.Globalization.CultureInfo.InvariantCulture);
            var isItem = number == item + 1 || isApart || text.Length == 0 || text[^1] == '\n';
            item = isItem ? number : item;
            return isItem ? match.Length : match.Groups[1].Length;
        }

        void AddBreak(int at)
        {
            var end = text.ToString(Math.Max(0, text.Length - 2), Math.Min(2, text.Length));
            if (text.Length > 0 && !end.Equals("\n\n", StringComparison.Ordinal))
                Add("\n\n", at);
        }

        void Add(string more, int at)
        {
            text.Append(more);
            places.AddRange(Enumerable.Repeat(at, more.Length));
        }
    }

    /// <summary>Where a character of the text stands in the page.</summary>
    public int Place(int position) => places[position];

    /// <summary>The line of the page, from 1, that a character of the text stands in.</summary>
    public int Line(int position) => markdown.AsSpan(0, places[position]).Count('\n') + 1;

    /// <summary>The paragraph or the whole table around a position.</summary>
    public string Paragraph(int position)
    {
        var start = Text.LastIndexOf("\n\n", position, StringComparison.Ordinal);
        var end = Text.IndexOf("\n\n", position, StringComparison.Ordinal);
        return Text[Math.Max(start, 0)..(end < 0 ? Text.Length : end)];
    }

    [GeneratedRegex(@"<!-- (?<name>[\w-]+) -->(?<left>.*?)<!-- /\k<name> -->", RegexOptions.Singleline)]
    private static partial Regex HeldPart();

    [GeneratedRegex("(?<left><!--.*?-->)", RegexOptions.Singleline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?<left>```.*?^```[^\n]*)$", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Fence();

    [GeneratedRegex("`(?<left>[^`]+)`")]
    private static partial Regex CodeSpan();

    [GeneratedRegex(@"\${1,2}(?<left>[^$]+)\${1,2}")]
    private static partial Regex Formula();

    /// <summary>"[03 · The CIFAR-10 subset](03-cifar10-subset.ipynb)": its number is its target's.</summary>
    [GeneratedRegex(@"\[(?:[^\]]*/)?(?<left>\d\d)(?=[^\]]*\]\((?:[^)]*/)?\k<left>-[^)]*\))")]
    private static partial Regex NumberedLink();

    [GeneratedRegex(@"(?<left>!?\[)[^\[\]]*(?<left>\]\([^)]*\))")]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<left>https?://[^\s>)]+)")]
    private static partial Regex Address();

    [GeneratedRegex(@"^# (?:Solutions? · )?(?<left>\d\d)(?= · )", RegexOptions.Multiline)]
    private static partial Regex NumberedHeading();

    [GeneratedRegex(@"^(#+ | *- )?(?: *(\d{1,2})\. )?")]
    private static partial Regex Mark();
}
