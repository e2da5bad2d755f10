using System.Globalization;
using System.Text.RegularExpressions;

namespace FewShot.Notebooks.Tests.Prose;

/// <summary>A number that prose states, in digits or in words.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="Shown">As it is written: "2,000", "83.1", "twice".</param>
internal sealed partial record ProseNumber(int Start, string Shown)
{
    private const NumberStyles Digital =
        NumberStyles.AllowThousands | NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign;

    private static readonly string[] Words =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen",
        "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
    ];

    private static readonly Dictionary<string, double> Others = new(StringComparer.OrdinalIgnoreCase)
    {
        ["half"] = 0.5,
        ["twice"] = 2,
        ["dozen"] = 12,
        ["hundred"] = 100,
        ["thousand"] = 1000,
    };

    /// <summary>The position after its last character.</summary>
    public int End => Start + Shown.Length;

    /// <summary>Digits behind the point.</summary>
    private int Decimals =>
        Shown.Contains('.', StringComparison.Ordinal) ? Shown.Length - Shown.IndexOf('.', StringComparison.Ordinal) - 1 : 0;

    /// <summary>Its value; not a number where it is no quantity: "0.107.0".</summary>
    public double Value =>
        char.IsLetter(Shown[0])
            ? Array.FindIndex(Words, word => word.Equals(Shown, StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
                ? index
                : Others.GetValueOrDefault(Shown, double.NaN)
            : double.TryParse(Shown.Replace('−', '-'), Digital, CultureInfo.InvariantCulture, out var value)
                ? value
                : double.NaN;

    /// <summary>
    /// All numbers of a text, but for years in a reference. Words count where they measure something: "ten points", not "one step".
    /// </summary>
    public static IEnumerable<ProseNumber> In(string text) => Digits().Matches(text)
        .Where(match => !IsYear(text, match))
        .Concat(Measured().Matches(text))
        .OrderBy(match => match.Index)
        .Select(match => new ProseNumber(match.Index, match.Value));

    /// <summary>Whether a value, or a share as a percentage, reads so when it is rounded as this number is.</summary>
    public bool Shows(double value)
    {
        var half = 0.5 * Math.Pow(10, -Decimals) * (1 + 1e-9);
        return Math.Abs(value - Value) <= half || Math.Abs((100 * value) - Value) <= half;
    }

    private static bool IsYear(string text, Match number)
    {
        var (start, end) = (Math.Max(0, number.Index - 40), number.Index + number.Length);
        return Year().IsMatch(number.Value)
            && BeforeYear().IsMatch(text[start..number.Index])
            && AfterYear().IsMatch(text[end..Math.Min(text.Length, end + 2)]);
    }

    [GeneratedRegex(@"(?:(?<=^|[\s(\[])[-−](?=\d))?\d+(?:[.,]\d+)*")]
    private static partial Regex Digits();

    [GeneratedRegex(
        @"\b(?:(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen"
        + @"|seventeen|eighteen|nineteen|twenty|dozen|hundred|thousand)"
        + @"(?=(?: [\w-]+)? (?:points?|percent|times|hours?|minutes?|seconds?|days?)\b)|half(?= (?:an?|of|the)\b)|twice)\b",
        RegexOptions.IgnoreCase)]
    private static partial Regex Measured();

    [GeneratedRegex(@"^(?:19|20)\d\d$")]
    private static partial Regex Year();

    /// <summary>"CVPR 2016", "Levine, 2017", "Finn and others 2017".</summary>
    [GeneratedRegex(@"(?:\b[A-Z][\w-]*|\bothers),? $")]
    private static partial Regex BeforeYear();

    [GeneratedRegex(@"^(?! [a-z\d])")]
    private static partial Regex AfterYear();
}
