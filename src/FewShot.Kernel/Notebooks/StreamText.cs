using System.Text;

namespace FewShot.Kernel.Notebooks;

/// <summary>
/// Console text as a terminal would leave it: a carriage return starts its line again, so that a progress line that was
/// rewritten a thousand times is kept once.
/// </summary>
internal sealed class StreamText(string name)
{
    private readonly StringBuilder text = new();
    private int lineStart;
    private bool returned;

    /// <summary><c>stdout</c> or <c>stderr</c>.</summary>
    public string Name => name;

    /// <summary>Number of characters kept.</summary>
    public int Length => text.Length;

    public void Append(ReadOnlySpan<char> written)
    {
        foreach (var character in written)
        {
            if (character == '\r')
            {
                returned = true;
                continue;
            }

            if (returned && character != '\n')
                text.Length = lineStart;
            returned = false;
            text.Append(character);
            if (character == '\n')
                lineStart = text.Length;
        }
    }

    public override string ToString() => text.ToString();
}
