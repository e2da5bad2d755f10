using System.Text;

namespace FewShot.Kernel.Jupyter;

/// <summary>Texts as Unicode allows them.</summary>
internal static class WholeText
{
    /// <summary>The text with halves of surrogate pairs replaced: JSON has no way to write them.</summary>
    public static string Of(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i]))
                continue;
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else
                return Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
        }

        return text;
    }

    /// <summary>A position counted in code points, as the protocol counts, in UTF-16 units.</summary>
    public static int ToUnits(string text, int codePoints)
    {
        var at = 0;
        for (; codePoints > 0 && at < text.Length; codePoints--)
            at += char.IsHighSurrogate(text[at]) && at + 1 < text.Length && char.IsLowSurrogate(text[at + 1]) ? 2 : 1;
        return at;
    }

    /// <summary>A position counted in UTF-16 units, in code points.</summary>
    public static int ToCodePoints(string text, int units) => text.AsSpan(0, units).ToString().EnumerateRunes().Count();
}
