using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>A change of some code.</summary>
/// <param name="Span">What is replaced.</param>
/// <param name="Text">What stands there instead; no line ends.</param>
/// <param name="Advice">What to say where the compiler finds fault with that text.</param>
internal sealed record CodeEdit(TextSpan Span, string Text, string? Advice);

/// <summary>Collects changes of some code that leave its lines what they are.</summary>
/// <param name="code">The code.</param>
internal sealed class CodeEdits(string code)
{
    private readonly List<CodeEdit> edits = [];

    /// <summary>Puts blanks in the place of something, so that all around it stays where it is.</summary>
    public void Blank(TextSpan span) =>
        edits.Add(new CodeEdit(
            span,
            new string([.. code.Substring(span.Start, span.Length).Select(character => character is '\n' or '\r' ? character : ' ')]),
            null));

    /// <summary>Puts a text in the place of something in one line.</summary>
    public void Replace(TextSpan span, string text) => edits.Add(new CodeEdit(span, text, null));

    /// <summary>Puts a text where nothing stood.</summary>
    /// <param name="position">Where.</param>
    /// <param name="text">The text.</param>
    /// <param name="advice">What to say where the compiler finds fault with it.</param>
    public void Insert(int position, string text, string? advice = null) =>
        edits.Add(new CodeEdit(new TextSpan(position, 0), text, advice));

    /// <summary>The changed code.</summary>
    public EditedCode Apply()
    {
        var (result, applied, done) = (new StringBuilder(), new List<CodeEdit>(), 0);
        // What lies in something that is replaced goes with it.
        foreach (var edit in edits.OrderBy(edit => edit.Span.Start).Where(edit => edit.Span.Start >= done))
        {
            _ = result.Append(code, done, edit.Span.Start - done).Append(edit.Text);
            applied.Add(edit);
            done = edit.Span.End;
        }

        return new EditedCode(code, result.Append(code, done, code.Length - done).ToString(), applied);
    }

    /// <summary>A piece of code in one line, without its comments.</summary>
    public static string OneLine(SyntaxNode node) =>
        node.ReplaceTrivia(node.DescendantTrivia(descendIntoTrivia: true), (_, _) => SyntaxFactory.Space)
            .NormalizeWhitespace(indentation: string.Empty, eol: " ")
            .ToString();
}

/// <summary>Code that was changed.</summary>
/// <param name="Before">As it was.</param>
/// <param name="After">As it is.</param>
/// <param name="Edits">The changes, in their order; they do not overlap.</param>
internal sealed record EditedCode(string Before, string After, IReadOnlyList<CodeEdit> Edits)
{
    /// <summary>The place before the changes, and the change that a place lies in, if any.</summary>
    /// <param name="position">A place in the changed code.</param>
    public (int Position, CodeEdit? Inside) Locate(int position)
    {
        var shift = 0;
        foreach (var edit in Edits)
        {
            var start = edit.Span.Start + shift;
            if (position < start)
                break;
            if (position < start + edit.Text.Length)
            {
                // Blanks stand one for one where the code stood.
                return edit.Text.Length == edit.Span.Length ? (position - shift, edit) : (edit.Span.Start, edit);
            }

            shift += edit.Text.Length - edit.Span.Length;
        }

        return (position - shift, null);
    }
}
