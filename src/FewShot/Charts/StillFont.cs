using System.Globalization;
using System.Text;
using System.Text.Json;
using FewShot.Runtime;
using ScottPlot;
using SkiaSharp;

namespace FewShot.Charts;

/// <summary>
/// The font of a still picture: of those that the system has the one that can write most of the chart. A browser takes another font for
/// every letter that one lacks; the fonts for Chinese or Japanese hold the Latin letters too, so that one for the whole chart does.
/// </summary>
/// <param name="Family">Its name.</param>
/// <param name="Missing">What it cannot write, each once; empty where it can write all.</param>
internal sealed record StillFont(string Family, string Missing)
{
    // Sans-serif fonts like those of the charts in a page; the first one that has all letters is used.
    private static readonly string[] SansSerif =
        ["Segoe UI", "Roboto", "Noto Sans", "Liberation Sans", "Helvetica", "Arial", "DejaVu Sans"];

    /// <summary>Chooses among the fonts of the system by all text of a figure.</summary>
    /// <exception cref="FewShotException">The system has no fonts.</exception>
    public static StillFont For(JsonElement figure)
    {
        var families = SKFontManager.Default.FontFamilies.ToList();
        if (families.Count == 0)
        {
            throw new FewShotException(
                "This system has no fonts, so a still picture of a chart would be without text. "
                + "Install some (on Debian and Ubuntu: apt-get install fonts-dejavu-core).");
        }

        var preferred = SansSerif.Where(families.Contains).DefaultIfEmpty(Fonts.Default);
        return Choose([.. preferred.Concat(families.Order(StringComparer.Ordinal)).Distinct()], Letters(figure), LettersOf);
    }

    /// <summary>The first family that can write all the letters, else the first of those that can write most.</summary>
    /// <param name="families">In order of preference, at least one.</param>
    /// <param name="letters">What is to be written.</param>
    /// <param name="writes">Tells of a family which letters it has.</param>
    internal static StillFont Choose(
        IReadOnlyList<string> families, IReadOnlyCollection<Rune> letters, Func<string, Func<Rune, bool>> writes)
    {
        StillFont? best = null;
        foreach (var family in families)
        {
            var has = writes(family);
            var font = new StillFont(family, string.Concat(letters.Where(letter => !has(letter))));
            if (best is null || font.Missing.Length < best.Missing.Length)
                best = font;
            if (best.Missing.Length == 0)
                break;
        }

        return best!;
    }

    /// <summary>Every visible letter in the texts of a figure, each once.</summary>
    internal static IReadOnlyCollection<Rune> Letters(JsonElement figure)
    {
        var letters = new HashSet<Rune>();
        void Collect(JsonElement element)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.String:
                    letters.UnionWith(element.GetString()!.EnumerateRunes().Where(IsVisible));
                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                        Collect(item);
                    break;
                case JsonValueKind.Object:
                    foreach (var property in element.EnumerateObject())
                        Collect(property.Value);
                    break;
            }
        }

        Collect(figure);
        return letters;
    }

    private static bool IsVisible(Rune letter) => Rune.GetUnicodeCategory(letter) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.SpaceSeparator or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator or UnicodeCategory.NonSpacingMark or UnicodeCategory.PrivateUse);

    private static Func<Rune, bool> LettersOf(string family)
    {
        var face = Fonts.GetTypeface(family, false, false);
        return letter => face.ContainsGlyph(letter.Value);
    }
}
