using System.Net;
using System.Text;
using System.Text.RegularExpressions;

namespace FewShot.Kernel.Cells;

/// <summary>
/// The text of a piece of HTML as a page shows it at first: a line for each row and paragraph, without scripts, styles and what is folded
/// away. For terminals, which show no HTML.
/// </summary>
internal static partial class HtmlText
{
    /// <summary>Characters that the text may have: it stands beside the HTML, for those who cannot see that.</summary>
    public const int Limit = 100_000;

    private static readonly HashSet<string> Blocks = new(StringComparer.OrdinalIgnoreCase)
    {
        "blockquote", "br", "details", "div", "figcaption", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
        "summary", "table", "tr", "ul",
    };

    /// <summary>The text.</summary>
    /// <param name="html">HTML, whole or cut off.</param>
    /// <param name="withOpenDetails">Whether what is folded open counts; otherwise only the line above it does.</param>
    public static string Of(string html, bool withOpenDetails = true)
    {
        var shown = NotShown().Replace(html, string.Empty);
        var page = new Page(withOpenDetails);
        var at = 0;
        foreach (Match tag in Tag().Matches(shown))
        {
            page.AddText(shown[at..tag.Index]);
            page.AddTag(tag.Groups["name"].Value, tag.Groups["end"].Length > 0, tag.Groups["rest"].Value);
            at = tag.Index + tag.Length;
            if (page.IsFull)
                break;
        }

        if (!page.IsFull)
            page.AddText(CutOff().Replace(shown[at..], string.Empty));
        return page.ToString();
    }

    [GeneratedRegex(@"<!--.*?-->|<(?<name>script|style)\b.*?(</\k<name>\s*>|$)", RegexOptions.IgnoreCase | RegexOptions.Singleline)]
    private static partial Regex NotShown();

    [GeneratedRegex(@"<(?<end>/?)(?<name>[a-zA-Z][a-zA-Z0-9]*)(?<rest>[^>]*)>")]
    private static partial Regex Tag();

    [GeneratedRegex(@"<[/a-zA-Z][^>]*$")]
    private static partial Regex CutOff();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Space();

    private sealed class Page(bool withOpenDetails)
    {
        private readonly StringBuilder text = new();

        // Of each level of details, whether the page hides what is below its first line.
        private readonly Stack<bool> folded = [];
        private int hidden;
        private int cells;
        private int preformatted;

        public bool IsFull => text.Length > Limit;

        private bool IsAtLineStart => text.Length == 0 || text[^1] == '\n';

        public void AddText(string encoded)
        {
            if (hidden > 0 || encoded.Length == 0)
                return;
            var plain = WebUtility.HtmlDecode(encoded);
            if (preformatted == 0)
                plain = Space().Replace(plain, " ");
            if (preformatted == 0 && (IsAtLineStart || text[^1] == ' '))
                plain = plain.TrimStart(' ');
            text.Append(plain);
        }

        public void AddTag(string name, bool isEnd, string rest)
        {
            switch (name.ToLowerInvariant())
            {
                case "details" when !isEnd:
                    folded.Push(!(withOpenDetails && rest.Contains("open", StringComparison.OrdinalIgnoreCase)));
                    break;
                case "details" when folded.Count > 0:
                    if (folded.Pop())
                        hidden = Math.Max(0, hidden - 1);
                    break;
                case "summary" when isEnd && folded.TryPeek(out var hides) && hides:
                    hidden++;
                    break;
                case "td" or "th":
                    cells = Math.Max(0, cells + (isEnd ? -1 : 1));
                    if (!isEnd && hidden == 0 && !IsAtLineStart)
                        text.Append("  ");
                    break;
                case "pre":
                    preformatted = Math.Max(0, preformatted + (isEnd ? -1 : 1));
                    break;
            }

            // Inside a cell of a table only another row begins a line.
            if (hidden == 0 && !IsAtLineStart && Blocks.Contains(name) && (cells == 0 || name is "tr" or "br"))
                text.Append('\n');
        }

        public override string ToString()
        {
            var lines = text.ToString().Split('\n').Select(line => line.TrimEnd()).ToList();
            var whole = string.Join('\n', lines.Where((line, i) => line.Length > 0 || (i > 0 && lines[i - 1].Length > 0))).Trim('\n');
            return whole.Length <= Limit
                ? whole
                : string.Concat(whole.AsSpan(0, Limit), "\n[The text goes on: the rest is left out here.]");
        }
    }
}
