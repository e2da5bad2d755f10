using System.Text.RegularExpressions;

namespace FewShot.Text;

/// <summary>The words of an English text.</summary>
internal static partial class Words
{
    // Words that hold a sentence together and say little by themselves.
    private static readonly HashSet<string> Function = new(
        """
        a about after all also am an and any are as at be because been before being but by can can't could did didn't do does doesn't don't
        done down during each few for from further get got had has hasn't have haven't having he her here hers him his how i i'd i'm i've if
        in into is isn't it it's its itself just let like may me might more most must my no nor not now of off on once only or other our out
        over own please same she should so some such than that that's the their them then there these they this those through to too under
        until up very was wasn't we were what what's when where which while who whom why will with won't would you you're your yours
        """.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>Its words in lower case, without punctuation.</summary>
    public static string[] Of(string text) =>
        [.. Word().Matches(text.ToLowerInvariant().Replace('\u2019', '\'')).Select(match => match.Value)];

    /// <summary>Whether a word carries meaning of its own, such as a noun or a verb.</summary>
    public static bool IsContent(string word) => char.IsLetter(word[0]) && word.Length > 1 && !Function.Contains(word);

    [GeneratedRegex(@"[\p{L}\p{N}]+(?:'[\p{L}]+)?", RegexOptions.CultureInvariant)]
    private static partial Regex Word();
}
