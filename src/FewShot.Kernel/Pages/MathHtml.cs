using System.Net;
using System.Text;

namespace FewShot.Kernel.Pages;

/// <summary>
/// Formulas in TeX, as the notebooks write them, to MathML, which browsers draw by themselves: a page needs no script and no
/// font for it. It knows what the course uses; a command that it does not know stays readable as text.
/// </summary>
/// <remarks>
/// No package does this: the .NET ones for TeX draw pictures, which neither grow with the text nor can be read aloud, and the JavaScript
/// ones would bring a script engine or a script of their own into every page.
/// </remarks>
internal sealed class MathHtml
{
    private static readonly HashSet<string> Limits = ["\u2211", "\u220F", "min", "max", "lim", "arg min", "arg max"];

    // Far above what is written; a formula of braces alone must not end the program.
    private const int DeepestNesting = 50;

    private readonly string tex;
    private int at;
    private int depth;

    private MathHtml(string tex) => this.tex = tex;

    public static string Render(string tex, bool isBlock)
    {
        var math = new MathHtml(tex.Trim());
        var display = isBlock ? " display=\"block\"" : string.Empty;
        return $"<math{display} aria-label=\"{WebUtility.HtmlEncode(tex.Trim())}\">{math.Table(null)}</math>";
    }

    /// <summary>Rows parted by <c>\\</c> and cells by <c>&amp;</c>, up to the end of the formula or of the environment.</summary>
    private string Table(string? environment)
    {
        List<List<string>> rows = [[]];
        while (true)
        {
            rows[^1].Add(Row());
            if (Take("&"))
                continue;
            if (Take("\\\\"))
                rows.Add([]);
            else if (at >= tex.Length || (environment is not null && Take("\\end{" + environment + "}")))
                break;
            else
                rows[^1].Add($"<mo>{WebUtility.HtmlEncode(tex[at++].ToString())}</mo>");
        }

        if (rows.Count == 1 && rows[0].Count == 1)
            return rows[0][0];
        var cells = rows
            .Where(row => row.Any(cell => cell != "<mrow></mrow>"))
            .Select(row => "<mtr>" + string.Concat(row.Select((cell, i) =>
                $"<mtd style=\"text-align:{(environment == "aligned" && i % 2 == 0 ? "right" : "left")}\">{cell}</mtd>")) + "</mtr>");
        return $"<mtable displaystyle=\"true\">{string.Concat(cells)}</mtable>";
    }

    private string Row()
    {
        var row = new StringBuilder("<mrow>");
        while (at < tex.Length && tex[at] is not ('}' or '&') && !Ahead("\\\\") && !Ahead("\\end{"))
        {
            if (char.IsWhiteSpace(tex[at]))
                at++;
            else
                row.Append(Scripted());
        }

        return row.Append("</mrow>").ToString();
    }

    /// <summary>An atom with its subscript, superscript and primes.</summary>
    private string Scripted()
    {
        var (body, plain) = Atom();
        string? under = null, over = null;
        var primes = string.Empty;
        for (; at < tex.Length; SkipSpace())
        {
            if (Take("'"))
                primes += "\u2032";
            else if (under is null && Take("_"))
                under = Argument();
            else if (over is null && Take("^"))
                over = Argument();
            else
                break;
        }

        if (primes.Length > 0)
            over = $"<mrow><mo>{primes}</mo>{over}</mrow>";
        var (below, above, both) = plain is not null && Limits.Contains(plain)
            ? ("munder", "mover", "munderover")
            : ("msub", "msup", "msubsup");
        return (under, over) switch
        {
            (null, null) => body,
            (_, null) => $"<{below}>{body}{under}</{below}>",
            (null, _) => $"<{above}>{body}{over}</{above}>",
            _ => $"<{both}>{body}{under}{over}</{both}>",
        };
    }

    private string Argument()
    {
        SkipSpace();
        return at < tex.Length ? Atom().Html : "<mrow></mrow>";
    }

    private (string Html, string? Plain) Atom()
    {
        if (depth == DeepestNesting)
        {
            var rest = tex[at..];
            at = tex.Length;
            return ($"<mtext>{WebUtility.HtmlEncode(rest)}</mtext>", null);
        }

        depth++;
        var atom = AtomInside();
        depth--;
        return atom;
    }

    private (string Html, string? Plain) AtomInside()
    {
        var first = tex[at];
        if (first == '\\')
            return Command();
        if (first == '{')
        {
            at++;
            var row = Row();
            _ = Take("}");
            return (row, null);
        }

        if (char.IsAsciiDigit(first))
        {
            var start = at;
            while (at < tex.Length
                && (char.IsAsciiDigit(tex[at]) || (tex[at] == '.' && at + 1 < tex.Length && char.IsAsciiDigit(tex[at + 1]))))
            {
                at++;
            }

            return ($"<mn>{tex[start..at]}</mn>", null);
        }

        at++;
        if (char.IsLetter(first))
            return ($"<mi>{first}</mi>", null);
        var stretchy = first is '|' or '/' ? " stretchy=\"false\"" : string.Empty;
        return ($"<mo{stretchy}>{(first == '-' ? "\u2212" : WebUtility.HtmlEncode(first.ToString()))}</mo>", null);
    }

    private (string Html, string? Plain) Command()
    {
        var start = ++at;
        while (at < tex.Length && char.IsAsciiLetter(tex[at]))
            at++;
        if (at == start && at < tex.Length)
            at++;
        var name = tex[start..at];
        switch (name)
        {
            case "frac" or "tfrac" or "dfrac":
                return ($"<mfrac>{Argument()}{Argument()}</mfrac>", null);
            case "sqrt":
                return ($"<msqrt>{Argument()}</msqrt>", null);
            case "hat" or "bar" or "tilde" or "vec" or "overline":
                var accent = name switch { "hat" => "^", "tilde" => "~", "vec" => "\u2192", _ => "\u00AF" };
                return ($"<mover accent=\"true\">{Argument()}<mo>{accent}</mo></mover>", null);
            case "text" or "textrm" or "textbf" or "textit":
                return ($"<mtext>{WebUtility.HtmlEncode(Braced())}</mtext>", null);
            case "mathrm" or "operatorname" or "mathit" or "mathsf" or "mathtt":
                var word = Braced();
                return ($"<mi mathvariant=\"normal\">{WebUtility.HtmlEncode(word)}</mi>", word);
            case "mathbf" or "boldsymbol" or "bm":
                return ($"<mrow style=\"font-weight:bold\">{Argument()}</mrow>", null);
            case "mathcal" or "mathscr":
                return ($"<mi>{MathSymbols.Letters(Braced(), MathSymbols.Script)}</mi>", null);
            case "mathbb":
                return ($"<mi>{MathSymbols.Letters(Braced(), MathSymbols.DoubleStruck)}</mi>", null);
            case "left" or "right" or "big" or "Big" or "bigl" or "bigr" or "Bigl" or "Bigr":
                SkipSpace();
                return (Take(".") || at >= tex.Length ? "<mrow></mrow>" : Atom().Html, null);
            case "begin":
                return (Table(Braced()), null);
            case "," or ";" or ":" or "!" or " " or "quad" or "qquad":
                var width = name switch { "quad" => "1em", "qquad" => "2em", "!" => "-.1em", _ => ".2em" };
                return ($"<mspace width=\"{width}\"></mspace>", null);
        }

        if (MathSymbols.Names.TryGetValue(name, out var function))
            return ($"<mi>{function}</mi>", function);
        if (MathSymbols.Variables.TryGetValue(name, out var variable))
            return ($"<mi>{variable}</mi>", variable);
        return MathSymbols.Operators.TryGetValue(name, out var sign)
            ? ($"<mo>{WebUtility.HtmlEncode(sign)}</mo>", sign)
            : ($"<mtext>{WebUtility.HtmlEncode(name.Length == 1 && !char.IsLetter(name[0]) ? name : "\\" + name)}</mtext>", null);
    }

    private string Braced()
    {
        SkipSpace();
        if (!Take("{"))
            return at < tex.Length ? tex[at++].ToString() : string.Empty;
        var (start, depth) = (at, 1);
        for (; at < tex.Length; at++)
        {
            depth += tex[at] switch { '{' => 1, '}' => -1, _ => 0 };
            if (depth == 0)
                return tex[start..at++];
        }

        return tex[start..];
    }

    private void SkipSpace()
    {
        while (at < tex.Length && char.IsWhiteSpace(tex[at]))
            at++;
    }

    private bool Ahead(string text) => string.CompareOrdinal(tex, at, text, 0, text.Length) == 0;

    private bool Take(string text)
    {
        if (!Ahead(text))
            return false;
        at += text.Length;
        return true;
    }
}
