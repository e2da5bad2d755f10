using System.Numerics;

namespace FewShot.Models;

/// <summary>Sums over many rows, column by column. Rows are summed in parts first, so that rounding does not grow with all of them.</summary>
/// <typeparam name="T">float or double.</typeparam>
/// <param name="width">Vectors in a row.</param>
internal sealed class RowSums<T>(int width)
    where T : unmanaged
{
    private const int PartRows = 64;
    private readonly Vector<T>[] part = new Vector<T>[width];
    private readonly Vector<T>[] whole = new Vector<T>[width];

    /// <summary>Where the values of a row are added.</summary>
    /// <param name="row">Its number, from 0, in order.</param>
    public Span<Vector<T>> Part(int row)
    {
        if (row % PartRows == 0)
            Flush();
        return part;
    }

    /// <summary>The sums of all rows so far.</summary>
    public ReadOnlySpan<Vector<T>> Whole()
    {
        Flush();
        return whole;
    }

    private void Flush()
    {
        for (var v = 0; v < whole.Length; v++)
            whole[v] += part[v];
        Array.Clear(part);
    }
}
