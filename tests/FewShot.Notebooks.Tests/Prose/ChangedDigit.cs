namespace FewShot.Notebooks.Tests.Prose;

/// <summary>A page with one digit of a number changed, or one number word: what a check must notice.</summary>
/// <param name="Line">Where it stands.</param>
/// <param name="Before">The number.</param>
/// <param name="Markdown">The changed page.</param>
/// <param name="Place">Where the change is in it.</param>
internal sealed record ChangedDigit(int Line, ProseNumber Before, ProsePiece Markdown, int Place)
{
    /// <summary>
    /// Every digit of every number changed into every other digit, and a number word into another ("half" and "twice" have none in their
    /// place).
    /// </summary>
    public static IEnumerable<ChangedDigit> All(ProsePiece piece)
    {
        foreach (var number in ProseNumber.In(piece.Prose.Text))
        {
            var line = piece.Prose.Line(number.Start);
            if (char.IsLetter(number.Shown[0]))
            {
                var place = piece.Prose.Place(number.Start);
                if (number.Shown is not ("half" or "Half" or "twice" or "Twice"))
                {
                    var other = number.Value == 7 ? "nine" : "seven";
                    yield return new ChangedDigit(line, number, Changed(piece, place, number.Shown.Length, other), place);
                }

                continue;
            }

            foreach (var at in Enumerable.Range(number.Start, number.Shown.Length).Where(at => char.IsAsciiDigit(piece.Prose.Text[at])))
            {
                for (var digit = '0'; digit <= '9'; digit++)
                {
                    if (digit != piece.Prose.Text[at])
                    {
                        var place = piece.Prose.Place(at);
                        yield return new ChangedDigit(line, number, Changed(piece, place, 1, digit.ToString()), place);
                    }
                }
            }
        }
    }

    /// <summary>Whether a check finds the changed number unknown.</summary>
    public bool IsNoticed(ProseCheck check) =>
        check.Unknown(Markdown.Prose).Any(number =>
            Markdown.Prose.Place(number.Start) <= Place && Place <= Markdown.Prose.Place(number.End - 1));

    /// <summary>"line 5: "83.1" as "83.2"".</summary>
    public override string ToString()
    {
        var changed = Markdown.Markdown[Math.Max(0, Place - 20)..(Place + 1)];
        return FormattableString.Invariant($"line {Line}: \"{Before.Shown}\" may be changed to another number that is listed ")
            + $"(\"{changed}\"): give both phrases more words";
    }

    private static ProsePiece Changed(ProsePiece piece, int place, int length, string by) =>
        new(
            piece.Where,
            string.Concat(piece.Markdown.AsSpan(0, place), by, piece.Markdown.AsSpan(place + length)),
            piece.Index,
            piece.Held);
}
