using System.Numerics;

namespace FewShot.Models;

/// <summary>The two ways of <see cref="ImagePatches"/> on a CPU, each in one pass that writes every value once.</summary>
/// <param name="Height">H of an image.</param>
/// <param name="Width">W of an image.</param>
/// <param name="Stride">1 or 2.</param>
internal readonly record struct PatchKernel(int Height, int Width, int Stride)
{
    private const int Kernel = ImagePatches.Kernel;

    private int High => (int)ImagePatches.OutputSize(Height, Stride);

    private int Wide => (int)ImagePatches.OutputSize(Width, Stride);

    /// <summary>Gathers the neighbourhoods, with zeros beyond the edge.</summary>
    /// <param name="images">B x H x W x C values of any type.</param>
    /// <param name="patches">B x H' x W' x 3 x 3 x C values.</param>
    /// <param name="pixel">Bytes of C values.</param>
    public void Gather(ReadOnlySpan<byte> images, Span<byte> patches, int pixel)
    {
        var (high, wide, count) = (High, Wide, images.Length / (Height * Width * pixel));
        var next = 0;
        for (var image = 0; image < count; image++)
        {
            for (var toY = 0; toY < high; toY++)
            {
                for (var toX = 0; toX < wide; toX++)
                {
                    var left = (toX * Stride) - 1;
                    var (first, last) = (Math.Max(left, 0), Math.Min(left + Kernel, Width));
                    for (var y = (toY * Stride) - 1; y < (toY * Stride) - 1 + Kernel; y++, next += Kernel * pixel)
                    {
                        var row = patches.Slice(next, Kernel * pixel);
                        if (y < 0 || y >= Height)
                        {
                            row.Clear();
                            continue;
                        }

                        // Neighbours in a row of the image lie side by side.
                        row[..((first - left) * pixel)].Clear();
                        images.Slice(((((image * Height) + y) * Width) + first) * pixel, (last - first) * pixel).CopyTo(row[((first - left) * pixel)..]);
                        row[((last - left) * pixel)..].Clear();
                    }
                }
            }
        }
    }

    /// <summary>Adds every value back to the pixel it came from.</summary>
    /// <param name="patches">B x H' x W' x 3 x 3 x C values.</param>
    /// <param name="images">B x H x W x C values.</param>
    /// <param name="pixel">Vectors of C values.</param>
    public void Spread<T>(ReadOnlySpan<Vector<T>> patches, Span<Vector<T>> images, int pixel)
        where T : unmanaged
    {
        var (high, wide, count) = (High, Wide, images.Length / (Height * Width * pixel));
        var next = 0;
        for (var image = 0; image < count; image++)
        {
            for (var y = 0; y < Height; y++)
            {
                for (var x = 0; x < Width; x++, next += pixel)
                {
                    var sum = images.Slice(next, pixel);
                    sum.Clear();
                    // Tap k of output o is pixel o x stride + k - 1.
                    for (var (tapY, fromY) = First(y, high); tapY < Kernel && fromY >= 0; (tapY, fromY) = (tapY + Stride, fromY - 1))
                    {
                        for (var (tapX, fromX) = First(x, wide); tapX < Kernel && fromX >= 0; (tapX, fromX) = (tapX + Stride, fromX - 1))
                        {
                            var tap = patches.Slice(((((((((image * high) + fromY) * wide) + fromX) * Kernel) + tapY) * Kernel) + tapX) * pixel, pixel);
                            for (var v = 0; v < sum.Length; v++)
                                sum[v] += tap[v];
                        }
                    }
                }
            }
        }
    }

    /// <summary>The first tap that meets a row or column, with the output position it does so from; each next tap does from the position before.</summary>
    private (int Tap, int From) First(int pixel, int outputs)
    {
        var tap = (pixel + 1) % Stride;
        var from = (pixel + 1 - tap) / Stride;
        // The last position may lie before the edge.
        return from < outputs ? (tap, from) : (tap + Stride, from - 1);
    }
}
