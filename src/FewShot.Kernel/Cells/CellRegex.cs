using System.Collections.Concurrent;
using System.ComponentModel;
using System.Globalization;
using System.Text.RegularExpressions;

namespace FewShot.Kernel.Cells;

/// <summary>What stands in a cell for the code that <c>[GeneratedRegex]</c> generates elsewhere; people need not call it.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellRegex
{
    private static readonly ConcurrentDictionary<(string, RegexOptions, int, string), Regex> Known = new();

    /// <summary>The expression, made once. The parameters are those of the attribute.</summary>
    public static Regex Of(
        string pattern,
        RegexOptions options = RegexOptions.None,
        int matchTimeoutMilliseconds = Timeout.Infinite,
        string cultureName = "") =>
        Known.GetOrAdd((pattern, options, matchTimeoutMilliseconds, cultureName), Make);

    /// <inheritdoc cref="Of(string, RegexOptions, int, string)"/>
    public static Regex Of(string pattern, RegexOptions options, string cultureName) =>
        Of(pattern, options, Timeout.Infinite, cultureName);

    private static Regex Make((string Pattern, RegexOptions Options, int Timeout, string Culture) wanted)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            // An expression takes the culture of its letters from where it is made.
            if (wanted.Culture.Length > 0)
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(wanted.Culture);
            return new Regex(wanted.Pattern, wanted.Options, TimeSpan.FromMilliseconds(wanted.Timeout));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
