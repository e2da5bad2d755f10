using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A 3 x 3 convolution of stride 1 and padding 1 by 36 multiplications for 16 outputs, where the direct way takes 144
/// (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", F(4 x 4, 3 x 3)). For evaluation on a CPU.
/// </summary>
/// <remarks>
/// Each window of 6 x 6 inputs is transformed, multiplied with the transformed kernel, and transformed back to a tile of 4 x 4 outputs. The
/// products of all windows are 36 matrix products. The transforms evaluate polynomials at 0, ±<see cref="Inner"/>, ±<see cref="Outer"/> and
/// infinity: with these points the rounding error in float32 is a third of that with the points 0, ±1, ±2 and infinity of the paper.
/// </remarks>
internal sealed class WinogradConvolution : IDisposable
{
    private const int Window = 6;
    private const int Tile = 4;
    private const double Inner = 0.75;
    private const double Outer = 1.5;
    // Transformed inputs of one part, 5 MB: what passes between the four stages then stays in the cache, and malloc reuses
    // it without asking the system.
    private const long ValuesInCache = 1_200_000;
    // What the transforms of a pixel and channel cost beside the matrix products, in multiplications of the direct way; measured
    // at 64 to 512 channels.
    private const long TransformCost = 350;

    private readonly torch.Tensor kernel;
    private readonly torch.Tensor bias;
    private readonly torch.Tensor forward = Twice(InputTransform);
    private readonly torch.Tensor back = Twice(OutputTransform);
    private readonly long channels;
    private readonly long filters;

    /// <summary>Transforms the kernel, which takes four times its memory.</summary>
    /// <param name="weight">float32, filters x channels x 3 x 3, on the CPU.</param>
    /// <param name="bias">float32, one value for each filter; stays the caller's, and must live as long as this.</param>
    public WinogradConvolution(torch.Tensor weight, torch.Tensor bias)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        (filters, channels) = (weight.shape[0], weight.shape[1]);
        var transform = torch.tensor(KernelTransform);
        var transformed = transform.matmul(weight.to(torch.float64)).matmul(transform.t());
        kernel = transformed
            .permute(2, 3, 1, 0)
            .reshape(Window * Window, channels, filters)
            .to(torch.float32)
            .contiguous()
            .DetachFromDisposeScope();
        this.bias = bias;
    }

    /// <summary>
    /// Whether fewer operations are needed than the direct way: many channels, and sides that tiles of 4 cover without much waste.
    /// </summary>
    public static bool Pays(long channels, long filters, long height, long width)
    {
        var covered = Tiles(height) * Tiles(width) * Tile * Tile;
        return 9 * channels * filters * height * width > covered * ((9 * channels * filters / 4) + (TransformCost * (channels + filters)));
    }

    /// <summary>The convolution.</summary>
    /// <param name="input">float32, N x channels x H x W, channels last in memory.</param>
    /// <param name="rectifies">Whether values below 0 become 0.</param>
    /// <returns>float32, N x filters x H x W, channels last in memory; the caller's.</returns>
    public torch.Tensor Apply(torch.Tensor input, bool rectifies)
    {
        var (count, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
        var (down, across) = (Tiles(height), Tiles(width));
        using var images = input.permute(0, 2, 3, 1);
        using var output = torch.empty([count, down, Tile, across, Tile, filters]);
        var step = Math.Max(1, ValuesInCache / (Window * Window * down * across * channels));
        for (var first = 0L; first < count; first += step)
        {
            using var part = torch.NewDisposeScope();
            var length = Math.Min(step, count - first);
            var tiles = Convolve(images.narrow(0, first, length), down, across);
            var target = output.narrow(0, first, length);
            // Done part by part, while its values are in the cache.
            _ = target.copy_(tiles).add_(bias);
            if (rectifies)
                _ = target.relu_();
        }

        using var scope = torch.NewDisposeScope();
        return output
            .view(count, down * Tile, across * Tile, filters)
            .narrow(1, 0, height)
            .narrow(2, 0, width)
            .contiguous()
            .permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        kernel.Dispose();
        forward.Dispose();
        back.Dispose();
    }

    private static long Tiles(long side) => (side + Tile - 1) / Tile;

    /// <summary>Each large tensor is freed as soon as the next one stands.</summary>
    private torch.Tensor Convolve(torch.Tensor images, long down, long across)
    {
        var tiles = images.shape[0] * down * across;
        torch.Tensor transformed;
        using (var windows = Windows(images, down, across))
            transformed = forward.matmul(windows);
        torch.Tensor products;
        using (transformed)
        using (var matrices = transformed.view(Window * Window, tiles, channels))
            products = torch.bmm(matrices, kernel);
        using (products)
        using (var flat = products.view(Window * Window, tiles * filters))
        using (var outputs = back.matmul(flat))
        using (var grid = outputs.view(Tile, Tile, images.shape[0], down, across, filters))
            return grid.permute(2, 3, 0, 4, 1, 5);
    }

    /// <summary>The 36 values of each window, with all windows and channels side by side.</summary>
    /// <param name="images">N x H x W x channels.</param>
    /// <param name="down">Tiles one below the other.</param>
    /// <param name="across">Tiles side by side.</param>
    /// <returns>36 x (N down across channels).</returns>
    private torch.Tensor Windows(torch.Tensor images, long down, long across)
    {
        var (rows, columns) = ((down * Tile) + 2, (across * Tile) + 2);
        using var padded = torch.nn.functional.pad(images, [0, 0, 1, columns - images.shape[2] - 1, 1, rows - images.shape[1] - 1]);
        using var dense = padded.contiguous();
        var row = columns * channels;
        using var windows = dense.as_strided(
            [Window, Window, images.shape[0], down, across, channels],
            [row, channels, rows * row, Tile * row, Tile * channels, 1]);
        return windows.reshape(Window * Window, -1);
    }

    /// <summary>The transform of a square: the same transform along rows and columns.</summary>
    private static torch.Tensor Twice(double[,] transform)
    {
        using var once = torch.tensor(transform);
        using var twice = torch.kron(once, once);
        return twice.to(torch.float32).DetachFromDisposeScope();
    }

    private const double A2 = Inner * Inner;
    private const double B2 = Outer * Outer;

    /// <summary>
    /// Row i has the coefficients of the product of (x - point) over all points but the i-th; the last row is that over all points.
    /// </summary>
    private static double[,] InputTransform => new[,]
    {
        { A2 * B2, 0, -A2 - B2, 0, 1, 0 },
        { 0, -Inner * B2, -B2, Inner, 1, 0 },
        { 0, Inner * B2, -B2, -Inner, 1, 0 },
        { 0, -A2 * Outer, -A2, Outer, 1, 0 },
        { 0, A2 * Outer, -A2, -Outer, 1, 0 },
        { 0, A2 * B2, 0, -A2 - B2, 0, 1 },
    };

    /// <summary>The kernel as a polynomial at each point, over the product of that point's distances to the others.</summary>
    private static double[,] KernelTransform
    {
        get
        {
            const double zero = A2 * B2;
            const double inner = 2 * A2 * (A2 - B2);
            const double outer = 2 * B2 * (B2 - A2);
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

    /// <summary>Row k has the k-th power of each point; infinity counts in the last row alone.</summary>
    private static double[,] OutputTransform => new[,]
    {
        { 1, 1, 1, 1, 1, 0 },
        { 0, Inner, -Inner, Outer, -Outer, 0 },
        { 0, A2, A2, B2, B2, 0 },
        { 0, Inner * A2, -Inner * A2, Outer * B2, -Outer * B2, 1 },
    };
}
