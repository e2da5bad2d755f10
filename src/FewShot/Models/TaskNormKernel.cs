using System.Numerics;

namespace FewShot.Models;

/// <summary>
/// BatchNorm and ReLU of one task on a CPU. x is R x C; m and s = 1 / sqrt(variance + epsilon) are the statistics of its first S rows;
/// n = (x - m) s and y = max(0, g n + b). Also the gradient, and the gradient of the gradient.
/// </summary>
/// <remarks>
/// Everything is seen as rows of vectors. One pass sums and one writes, where libtorch's operations would write every step of the arithmetic to
/// memory and read it again.
/// </remarks>
/// <typeparam name="T">float or double.</typeparam>
internal readonly ref struct TaskNormKernel<T>
    where T : unmanaged, INumberBase<T>
{
    private readonly int counted;
    private readonly ReadOnlySpan<Vector<T>> values, g, b;
    private readonly Span<Vector<T>> m, s;

    /// <param name="counted">S.</param>
    /// <param name="values">x.</param>
    /// <param name="scale">g, one row.</param>
    /// <param name="shift">b, one row.</param>
    /// <param name="mean">m, one row: <see cref="Forward"/> writes it, the others read it.</param>
    /// <param name="inverse">s, one row: likewise.</param>
    public TaskNormKernel(int counted, ReadOnlySpan<Vector<T>> values, ReadOnlySpan<Vector<T>> scale, ReadOnlySpan<Vector<T>> shift, Span<Vector<T>> mean, Span<Vector<T>> inverse)
    {
        this.counted = counted;
        this.values = values;
        g = scale;
        b = shift;
        m = mean;
        s = inverse;
    }

    private int Width => g.Length;

    private int Rows => values.Length / g.Length;

    /// <summary>1 / S.</summary>
    private Vector<T> Share => Vector<T>.One / Vector.Create(T.CreateChecked(counted));

    /// <summary>Writes m, s and y.</summary>
    public void Forward(Span<Vector<T>> output, double epsilon)
    {
        // Sums of differences from one row: what the values have in common must not swallow in what they differ.
        var first = Row(values, 0);
        var sums = new RowSums<T>(Width);
        for (var r = 0; r < counted; r++)
        {
            var x = Row(values, r);
            var sum = sums.Part(r);
            for (var v = 0; v < x.Length; v++)
                sum[v] += x[v] - first[v];
        }

        var whole = sums.Whole();
        for (var v = 0; v < m.Length; v++)
            m[v] = first[v] + (whole[v] * Share);
        var squares = new RowSums<T>(Width);
        for (var r = 0; r < counted; r++)
        {
            var x = Row(values, r);
            var sum = squares.Part(r);
            for (var v = 0; v < x.Length; v++)
                sum[v] += (x[v] - m[v]) * (x[v] - m[v]);
        }

        whole = squares.Whole();
        for (var v = 0; v < s.Length; v++)
            s[v] = Vector<T>.One / Vector.SquareRoot((whole[v] * Share) + Vector.Create(T.CreateChecked(epsilon)));
        for (var r = 0; r < Rows; r++)
        {
            var x = Row(values, r);
            var y = Row(output, r);
            for (var v = 0; v < x.Length; v++)
            {
                var u = ((x[v] - m[v]) * s[v] * g[v]) + b[v];
                y[v] = Active(u, u);
            }
        }
    }

    /// <summary>
    /// The gradient. With e = dy where y is above 0 and 0 elsewhere: db = sum e, dg = sum e n, and dx = s g (e - (db + n dg) / S), where the
    /// share of S is for its rows only.
    /// </summary>
    /// <param name="outputGradient">dy.</param>
    /// <param name="valuesGradient">dx.</param>
    /// <param name="scaleGradient">dg.</param>
    /// <param name="shiftGradient">db.</param>
    public void Backward(ReadOnlySpan<Vector<T>> outputGradient, Span<Vector<T>> valuesGradient, Span<Vector<T>> scaleGradient, Span<Vector<T>> shiftGradient)
    {
        var scaleSums = new RowSums<T>(Width);
        var shiftSums = new RowSums<T>(Width);
        for (var r = 0; r < Rows; r++)
        {
            var x = Row(values, r);
            var dy = Row(outputGradient, r);
            var dg = scaleSums.Part(r);
            var db = shiftSums.Part(r);
            for (var v = 0; v < x.Length; v++)
            {
                var n = (x[v] - m[v]) * s[v];
                var e = Active((n * g[v]) + b[v], dy[v]);
                db[v] += e;
                dg[v] += e * n;
            }
        }

        scaleSums.Whole().CopyTo(scaleGradient);
        shiftSums.Whole().CopyTo(shiftGradient);
        for (var r = 0; r < Rows; r++)
        {
            var x = Row(values, r);
            var dy = Row(outputGradient, r);
            var dx = Row(valuesGradient, r);
            var share = r < counted ? Share : Vector<T>.Zero;
            for (var v = 0; v < x.Length; v++)
            {
                var n = (x[v] - m[v]) * s[v];
                var e = Active((n * g[v]) + b[v], dy[v]);
                dx[v] = s[v] * g[v] * (e - (share * (shiftGradient[v] + (n * scaleGradient[v]))));
            }
        }
    }

    /// <summary>
    /// The gradient of <c>sum p dx + sum q dg + sum w db</c>, where dx, dg and db are those of <see cref="Backward"/>.
    /// </summary>
    /// <remarks>
    /// By the product rule, with P0 = sum p and P1 = sum p n over the rows that count, PE = sum p e over all, K = PE - (P0 db + P1 dg) / S:
    /// towards e it is s g (p - (P0 + n P1) / S) + q n + w, and towards g it is s K. Towards n it is h = e (q - s g P1 / S) - p s g dg / S
    /// (the last part for rows that count), towards s it is g K, and through both towards x:
    /// s (h - (sum h + n sum h n) / S) - g K s^2 n / S.
    /// </remarks>
    /// <param name="outputGradient">dy.</param>
    /// <param name="p">Weights of dx.</param>
    /// <param name="q">Weights of dg.</param>
    /// <param name="w">Weights of db.</param>
    /// <param name="towardsOutput">The gradient with respect to dy.</param>
    /// <param name="towardsValues">That with respect to x.</param>
    /// <param name="towardsScale">That with respect to g. With respect to b it is 0.</param>
    public void Twice(
        ReadOnlySpan<Vector<T>> outputGradient, ReadOnlySpan<Vector<T>> p, ReadOnlySpan<Vector<T>> q, ReadOnlySpan<Vector<T>> w,
        Span<Vector<T>> towardsOutput, Span<Vector<T>> towardsValues, Span<Vector<T>> towardsScale)
    {
        var scaleSums = new RowSums<T>(Width);
        var shiftSums = new RowSums<T>(Width);
        var countedSums = new RowSums<T>(Width);
        var normalisedSums = new RowSums<T>(Width);
        var activeSums = new RowSums<T>(Width);
        for (var r = 0; r < Rows; r++)
        {
            var x = Row(values, r);
            var dy = Row(outputGradient, r);
            var weight = Row(p, r);
            var dg = scaleSums.Part(r);
            var db = shiftSums.Part(r);
            var p0 = countedSums.Part(r);
            var p1 = normalisedSums.Part(r);
            var pe = activeSums.Part(r);
            var one = r < counted ? Vector<T>.One : Vector<T>.Zero;
            for (var v = 0; v < x.Length; v++)
            {
                var n = (x[v] - m[v]) * s[v];
                var e = Active((n * g[v]) + b[v], dy[v]);
                db[v] += e;
                dg[v] += e * n;
                p0[v] += one * weight[v];
                p1[v] += one * weight[v] * n;
                pe[v] += weight[v] * e;
            }
        }

        var dgs = scaleSums.Whole();
        var dbs = shiftSums.Whole();
        var p0s = countedSums.Whole();
        var p1s = normalisedSums.Whole();
        var pes = activeSums.Whole();
        // Towards x it is ofActive e - ofWeight p - ofOne - ofNormalised n, the last three for the rows that count.
        Span<Vector<T>> coefficients = new Vector<T>[4 * Width];
        var ofActive = coefficients[..Width];
        var ofWeight = coefficients.Slice(Width, Width);
        var ofOne = coefficients.Slice(2 * Width, Width);
        var ofNormalised = coefficients.Slice(3 * Width, Width);
        for (var v = 0; v < s.Length; v++)
        {
            var whole = pes[v] - (Share * ((p0s[v] * dbs[v]) + (p1s[v] * dgs[v])));
            var active = q[v] - (s[v] * g[v] * p1s[v] * Share);
            var weight = s[v] * g[v] * dgs[v] * Share;
            towardsScale[v] = s[v] * whole;
            ofActive[v] = s[v] * active;
            ofWeight[v] = s[v] * weight;
            ofOne[v] = s[v] * Share * ((active * dbs[v]) - (weight * p0s[v]));
            ofNormalised[v] = s[v] * Share * ((active * dgs[v]) - (weight * p1s[v]) + (g[v] * whole * s[v]));
        }

        for (var r = 0; r < Rows; r++)
        {
            var x = Row(values, r);
            var dy = Row(outputGradient, r);
            var weight = Row(p, r);
            var toOutput = Row(towardsOutput, r);
            var toValues = Row(towardsValues, r);
            var one = r < counted ? Vector<T>.One : Vector<T>.Zero;
            for (var v = 0; v < x.Length; v++)
            {
                var n = (x[v] - m[v]) * s[v];
                var u = (n * g[v]) + b[v];
                toOutput[v] = Active(u, (s[v] * g[v] * (weight[v] - (Share * (p0s[v] + (n * p1s[v]))))) + (q[v] * n) + w[v]);
                toValues[v] = (ofActive[v] * Active(u, dy[v])) - (one * ((ofWeight[v] * weight[v]) + ofOne[v] + (ofNormalised[v] * n)));
            }
        }
    }

    /// <summary><paramref name="value"/> where <paramref name="u"/> = g n + b is above 0 (or NaN, which must not be lost), 0 elsewhere.</summary>
    private static Vector<T> Active(Vector<T> u, Vector<T> value) =>
        Vector.ConditionalSelect(Vector.LessThanOrEqual(u, Vector<T>.Zero), Vector<T>.Zero, value);

    private ReadOnlySpan<Vector<T>> Row(ReadOnlySpan<Vector<T>> rows, int row) => rows.Slice(row * Width, Width);

    private Span<Vector<T>> Row(Span<Vector<T>> rows, int row) => rows.Slice(row * Width, Width);
}
