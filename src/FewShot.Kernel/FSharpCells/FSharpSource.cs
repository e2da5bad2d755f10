using System.Text;
using FewShot.Kernel.Cells;
using FSharp.Compiler.Tokenization;
using Microsoft.FSharp.Collections;

namespace FewShot.Kernel.FSharpCells;

/// <summary>F# code by its words.</summary>
/// <param name="Text">
/// The code without its <c>;;</c>, which end what is given to the F# compiler at once: it would take no notice of anything behind the
/// first. They are blanks here, so that places hold.
/// </param>
/// <param name="Stoppable">The same, but each <c>while</c> asks at every turn whether the cell is to stop;
/// its lines are as they were.</param>
/// <param name="Names">The names in it, comments and strings left out.</param>
internal sealed record FSharpSource(string Text, string Stoppable, IReadOnlySet<string> Names)
{
    private const string Separator = ";;";
    private const string Question = $" global.FewShot.Kernel.Cells.{nameof(CellStop)}.{nameof(CellStop.Continues)}() &&";

    public static FSharpSource Read(string code)
    {
        var text = new StringBuilder(code);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var loops = new Stack<int>();
        var (start, lines) = (0, code.Split('\n'));
        Scan(lines, (line, token) =>
        {
            var (from, to) = (token.LeftColumn, Math.Min(token.RightColumn + 1, lines[line].Length));
            if (token.TokenName == "IDENT")
                names.Add(lines[line][from..to].Trim('`'));
            else if (token.TokenName == "SEMICOLON_SEMICOLON")
                text.Replace(Separator, "  ", start + from, to - from);
            else if (token.TokenName == "WHILE")
                loops.Push(start + to);
        }, line => start += lines[line].Length + 1);
        var whole = text.ToString();
        foreach (var position in loops)
            text.Insert(position, Question);
        return new FSharpSource(whole, text.ToString(), names);
    }

    /// <summary>Whether what follows these lines is still inside a string or a comment of theirs.</summary>
    public static bool EndsInText(string[] lines) =>
        FSharpLineTokenizer.ColorStateOfLexState(Scan(lines, (_, _) => { }, _ => { }))
            is not (FSharpTokenizerColorState.Token or FSharpTokenizerColorState.InitialState);

    private static FSharpTokenizerLexState Scan(string[] lines, Action<int, FSharpTokenInfo> found, Action<int> ended)
    {
        var tokenizer = new FSharpSourceTokenizer(FSharpList<string>.Empty, null, null, null);
        var state = FSharpTokenizerLexState.Initial;
        for (var line = 0; line < lines.Length; line++)
        {
            var scanner = tokenizer.CreateLineTokenizer(lines[line]);
            while (true)
            {
                (var token, state) = scanner.ScanToken(state);
                if (token is null)
                    break;
                found(line, token.Value);
            }

            ended(line);
        }

        return state;
    }
}
