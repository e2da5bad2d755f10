using System.Globalization;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Display;

/// <summary>Takes what a formatter writes until it is too much, or until the cell is to stop: a formatter asks for neither.</summary>
internal sealed class BoundedWriter() : StringWriter(CultureInfo.InvariantCulture)
{
    /// <summary>Characters that one form of a value may have: more would fill the front end's memory, and the notebook.</summary>
    public const int Limit = 10_000_000;

    /// <summary>Whether there was more to write.</summary>
    public bool IsFull { get; private set; }

    /// <inheritdoc/>
    public override void Write(char value) => Write([value]);

    /// <inheritdoc/>
    public override void Write(string? value) => Write(value.AsSpan());

    /// <inheritdoc/>
    public override void Write(char[] buffer, int index, int count) => Write(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<char> buffer)
    {
        CellStop.Check();
        var builder = GetStringBuilder();
        var room = Limit - builder.Length;
        builder.Append(buffer[..Math.Min(room, buffer.Length)]);
        if (buffer.Length <= room)
            return;
        IsFull = true;
        throw new IOException("The value is longer than what can be shown.");
    }

    /// <inheritdoc/>
    public override void WriteLine(ReadOnlySpan<char> buffer)
    {
        Write(buffer);
        Write(CoreNewLine);
    }
}
