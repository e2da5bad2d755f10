using Microsoft.CodeAnalysis.Text;

namespace FewShot.Kernel.Dialect;

/// <summary>C# code as scripts allow it, and the way back to the code as it was written.</summary>
/// <param name="Written">As it was written.</param>
/// <param name="Stages">The changes, one after another; none where nothing had to be changed.</param>
internal sealed record ScriptCode(string Written, IReadOnlyList<EditedCode> Stages)
{
    /// <summary>For the compiler.</summary>
    public string Code => Stages.Count > 0 ? Stages[^1].After : Written;

    /// <summary>Where a piece of the code stood as it was written, and the text put in by a change that it begins in, if any.</summary>
    public (TextSpan Span, CodeEdit? Inside) Locate(TextSpan span)
    {
        var (start, inside) = Locate(span.Start);
        var (end, _) = Locate(span.End);
        return (TextSpan.FromBounds(start, Math.Max(start, end)), inside);
    }

    private (int Position, CodeEdit? Inside) Locate(int position)
    {
        CodeEdit? inside = null;
        for (var i = Stages.Count - 1; i >= 0; i--)
        {
            (position, var edit) = Stages[i].Locate(position);
            inside ??= edit;
        }

        return (position, inside);
    }
}
