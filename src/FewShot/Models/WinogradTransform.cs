using System.Numerics;
using System.Runtime.CompilerServices;

namespace FewShot.Models;

/// <summary>
/// The transforms of <see cref="WinogradConvolution"/>: they evaluate polynomials at 0, ±<see cref="Inner"/>, ±<see cref="Outer"/> and
/// infinity. With these points the rounding error in float32 is a third of that with the points 0, ±1, ±2 and infinity of Lavin and Gray.
/// </summary>
/// <remarks>
/// Written with the processor's vectors, over channels: a window is read, transformed and stored in one pass, where libtorch needs a copy
/// of the windows and a product with a matrix of 36 x 36, half of it zeros.
/// </remarks>
internal static class WinogradTransform
{
    /// <summary>Side of the window of inputs.</summary>
    public const int Window = 6;

    /// <summary>Side of the tile of outputs.</summary>
    public const int Tile = 4;

    private const float Inner = 0.75f;
    private const float Outer = 1.5f;
    private const float A2 = Inner * Inner;
    private const float B2 = Outer * Outer;

    /// <summary>6 x 3: the kernel as a polynomial at each point, over the product of that point's distances to the others.</summary>
    public static double[,] OfKernels
    {
        get
        {
            const double zero = (double)A2 * B2;
            const double inner = 2.0 * A2 * (A2 - B2);
            const double outer = 2.0 * B2 * (B2 - A2);
            return new[,]
            {
                { 1 / zero, 0, 0 },
                { 1 / inner, Inner / inner, A2 / inner },
                { 1 / inner, -Inner / inner, A2 / inner },
                { 1 / outer, Outer / outer, B2 / outer },
                { 1 / outer, -Outer / outer, B2 / outer },
                { 0, 0, 1 },
            };
        }
    }

    /// <summary>Transforms each window.</summary>
    /// <param name="padded">count x (4 down + 2) x (4 across + 2) x channels.</param>
    /// <param name="windows">36 x (count down across) x channels, written.</param>
    /// <param name="count">How many images.</param>
    /// <param name="down">Tiles one below the other.</param>
    /// <param name="across">Tiles side by side.</param>
    /// <param name="channels">A multiple of the vectors' length.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Forward(ReadOnlySpan<float> padded, Span<float> windows, int count, int down, int across, int channels)
    {
        var row = ((across * Tile) + 2) * channels;
        var rows = (down * Tile) + 2;
        var plane = count * down * across * channels;
        ArgumentOutOfRangeException.ThrowIfNotEqual(padded.Length, count * rows * row);
        ArgumentOutOfRangeException.ThrowIfNotEqual(windows.Length, Window * Window * plane);
        Span<float> columns = stackalloc float[Window * Window * Vector<float>.Count];
        ref var half = ref columns[0];
        ref readonly var source = ref padded[0];
        ref var target = ref windows[0];
        var vector = (nuint)Vector<float>.Count;
        nuint tile = 0;
        for (var image = 0; image < count; image++)
        {
            for (var y = 0; y < down; y++)
            {
                for (var x = 0; x < across; x++, tile += (nuint)channels)
                {
                    var corner = (nuint)((((image * rows) + (y * Tile)) * row) + (x * Tile * channels));
                    for (nuint channel = 0; channel < (nuint)channels; channel += vector)
                    {
                        for (nuint j = 0; j < Window; j++)
                            Forward(in source, corner + (j * (nuint)channels) + channel, (nuint)row, ref half, j * vector, Window * vector);
                        for (nuint i = 0; i < Window; i++)
                        {
                            Forward(
                                in half, i * Window * vector, vector,
                                ref target, (i * Window * (nuint)plane) + tile + channel, (nuint)plane);
                        }
                    }
                }
            }
        }
    }

    /// <summary>Transforms the products back to tiles of the output.</summary>
    /// <param name="products">36 x (count down across) x filters.</param>
    /// <param name="bias">A value for each filter, a multiple of the vectors' length.</param>
    /// <param name="residual">count x height x width x filters, added to the output; or empty.</param>
    /// <param name="output">count x height x width x filters, written.</param>
    /// <param name="height">Of the output; its tiles may stand over.</param>
    /// <param name="width">Of the output.</param>
    /// <param name="rectifies">Whether values below 0 become 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Back(
        ReadOnlySpan<float> products,
        ReadOnlySpan<float> bias,
        ReadOnlySpan<float> residual,
        Span<float> output,
        int height,
        int width,
        bool rectifies)
    {
        var filters = bias.Length;
        var (down, across) = ((height + Tile - 1) / Tile, (width + Tile - 1) / Tile);
        var plane = products.Length / (Window * Window);
        var count = plane / (down * across * filters);
        ArgumentOutOfRangeException.ThrowIfNotEqual(output.Length, count * height * width * filters);
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, Window * Window * count * down * across * filters);
        if (!residual.IsEmpty)
            ArgumentOutOfRangeException.ThrowIfNotEqual(residual.Length, output.Length);
        Span<float> rows = stackalloc float[Tile * Window * Vector<float>.Count];
        Span<float> outputs = stackalloc float[Tile * Vector<float>.Count];
        ref var half = ref rows[0];
        ref var line = ref outputs[0];
        ref readonly var source = ref products[0];
        ref var target = ref output[0];
        var vector = (nuint)Vector<float>.Count;
        var least = new Vector<float>(rectifies ? 0 : float.NegativeInfinity);
        nuint tile = 0;
        for (var image = 0; image < count; image++)
        {
            for (var y = 0; y < height; y += Tile)
            {
                for (var x = 0; x < width; x += Tile, tile += (nuint)filters)
                {
                    var (high, wide) = (Math.Min(Tile, height - y), Math.Min(Tile, width - x));
                    for (nuint filter = 0; filter < (nuint)filters; filter += vector)
                    {
                        for (nuint j = 0; j < Window; j++)
                        {
                            Back(
                                in source, (j * (nuint)plane) + tile + filter, Window * (nuint)plane,
                                ref half, j * vector, Window * vector);
                        }

                        var offset = Vector.LoadUnsafe(in bias[0], filter);
                        for (var i = 0; i < high; i++)
                        {
                            Back(in half, (nuint)i * Window * vector, vector, ref line, 0, vector);
                            var at = (nuint)(((((image * height) + y + i) * width) + x) * filters) + filter;
                            for (nuint j = 0; j < (nuint)wide; j++, at += (nuint)filters)
                            {
                                var value = Vector.LoadUnsafe(ref line, j * vector) + offset;
                                if (!residual.IsEmpty)
                                    value += Vector.LoadUnsafe(in residual[0], at);
                                Vector.Max(value, least).StoreUnsafe(ref target, at);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>
    /// Six values to the product of (x - point) over all points but one, for each of the six. Opposite points share what is even in x.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Forward(ref readonly float from, nuint at, nuint step, ref float to, nuint toAt, nuint toStep)
    {
        var d0 = Vector.LoadUnsafe(in from, at);
        var d1 = Vector.LoadUnsafe(in from, at + step);
        var d2 = Vector.LoadUnsafe(in from, at + (2 * step));
        var d3 = Vector.LoadUnsafe(in from, at + (3 * step));
        var d4 = Vector.LoadUnsafe(in from, at + (4 * step));
        var d5 = Vector.LoadUnsafe(in from, at + (5 * step));
        var inner = d4 - (B2 * d2);
        var innerOdd = Inner * (d3 - (B2 * d1));
        var outer = d4 - (A2 * d2);
        var outerOdd = Outer * (d3 - (A2 * d1));
        ((A2 * B2 * d0) - ((A2 + B2) * d2) + d4).StoreUnsafe(ref to, toAt);
        (inner + innerOdd).StoreUnsafe(ref to, toAt + toStep);
        (inner - innerOdd).StoreUnsafe(ref to, toAt + (2 * toStep));
        (outer + outerOdd).StoreUnsafe(ref to, toAt + (3 * toStep));
        (outer - outerOdd).StoreUnsafe(ref to, toAt + (4 * toStep));
        ((A2 * B2 * d1) - ((A2 + B2) * d3) + d5).StoreUnsafe(ref to, toAt + (5 * toStep));
    }

    /// <summary>Six values to four: the k-th has each value times the k-th power of its point; infinity counts in the last alone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Back(ref readonly float from, nuint at, nuint step, ref float to, nuint toAt, nuint toStep)
    {
        var m1 = Vector.LoadUnsafe(in from, at + step);
        var m2 = Vector.LoadUnsafe(in from, at + (2 * step));
        var m3 = Vector.LoadUnsafe(in from, at + (3 * step));
        var m4 = Vector.LoadUnsafe(in from, at + (4 * step));
        var (inner, innerOdd) = (m1 + m2, Inner * (m1 - m2));
        var (outer, outerOdd) = (m3 + m4, Outer * (m3 - m4));
        (Vector.LoadUnsafe(in from, at) + inner + outer).StoreUnsafe(ref to, toAt);
        (innerOdd + outerOdd).StoreUnsafe(ref to, toAt + toStep);
        ((A2 * inner) + (B2 * outer)).StoreUnsafe(ref to, toAt + (2 * toStep));
        ((A2 * innerOdd) + (B2 * outerOdd) + Vector.LoadUnsafe(in from, at + (5 * step))).StoreUnsafe(ref to, toAt + (3 * toStep));
    }
}
