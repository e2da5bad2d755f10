using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A 3 x 3 convolution of stride 1 and padding 1 by 36 multiplications for 16 outputs, where the direct way takes 144
/// (Lavin and Gray 2016, "Fast Algorithms for Convolutional Neural Networks", F(4 x 4, 3 x 3)). For evaluation on a CPU.
/// </summary>
/// <remarks>
/// Each window of 6 x 6 inputs is transformed, multiplied with the transformed kernel, and transformed back to a tile of 4 x 4 outputs
/// (<see cref="WinogradTransform"/>). The products of all windows are 36 matrix products.
/// </remarks>
internal sealed class WinogradConvolution : IDisposable
{
    private const int Window = WinogradTransform.Window;
    private const int Tile = WinogradTransform.Tile;
    // Transformed inputs of one part, 5 MB: what passes between the three stages then stays in the cache, and malloc reuses
    // it without asking the system.
    private const long ValuesInCache = 1_200_000;
    // What the transforms of a pixel and channel cost beside the matrix products, in multiplications of the direct way. Measured at 64
    // channels and more, where this way is always the faster one; with this cost, fewer than 48 take the direct way.
    private const long TransformCost = 150;

    private readonly torch.Tensor kernel;
    private readonly torch.Tensor bias;
    private readonly long channels;
    private readonly long filters;

    /// <summary>Transforms the kernel, which takes four times its memory.</summary>
    /// <param name="weight">float32, filters x channels x 3 x 3, on the CPU; both counts as <see cref="Fits"/> says.</param>
    /// <param name="bias">float32, one value for each filter; stays the caller's, and must live as long as this.</param>
    public WinogradConvolution(torch.Tensor weight, torch.Tensor bias)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        (filters, channels) = (weight.shape[0], weight.shape[1]);
        var transform = torch.tensor(WinogradTransform.OfKernels);
        var transformed = transform.matmul(weight.to(torch.float64)).matmul(transform.t());
        kernel = transformed
            .permute(2, 3, 1, 0)
            .reshape(Window * Window, channels, filters)
            .to(torch.float32)
            .contiguous()
            .DetachFromDisposeScope();
        this.bias = bias;
    }

    /// <summary>Whether the processor's vectors divide the channels, which are next to each other in memory.</summary>
    public static bool Fits(long channels, long filters) => channels % Vector<float>.Count == 0 && filters % Vector<float>.Count == 0;

    /// <summary>
    /// Whether fewer operations are needed than the direct way: many channels, and sides that tiles of 4 cover without much waste.
    /// </summary>
    public static bool Pays(long channels, long filters, long height, long width)
    {
        var covered = Tiles(height) * Tiles(width) * Tile * Tile;
        return Fits(channels, filters)
            && 9 * channels * filters * height * width > covered * ((9 * channels * filters / 4) + (TransformCost * (channels + filters)));
    }

    /// <summary>The convolution.</summary>
    /// <param name="input">float32, N x channels x H x W, channels last in memory.</param>
    /// <param name="rectifies">Whether values below 0 become 0.</param>
    /// <param name="residual">What is added before that, in the output's shape, channels last in memory; null for nothing.</param>
    /// <returns>float32, N x filters x H x W, channels last in memory; the caller's.</returns>
    public torch.Tensor Apply(torch.Tensor input, bool rectifies, torch.Tensor? residual = null)
    {
        var (count, height, width) = (input.shape[0], input.shape[2], input.shape[3]);
        var (down, across) = (Tiles(height), Tiles(width));
        using var images = input.permute(0, 2, 3, 1);
        using var added = residual?.permute(0, 2, 3, 1).contiguous();
        using var output = torch.empty([count, height, width, filters]);
        var step = Math.Max(1, ValuesInCache / (Window * Window * down * across * channels));
        for (var first = 0L; first < count; first += step)
        {
            using var part = torch.NewDisposeScope();
            var length = Math.Min(step, count - first);
            var tiles = length * down * across;
            var padded = torch.nn.functional.pad(
                images.narrow(0, first, length), [0, 0, 1, (across * Tile) + 1 - width, 1, (down * Tile) + 1 - height]);
            var windows = torch.empty([Window * Window, tiles, channels]);
            WinogradTransform.Forward(Values(padded), Values(windows), (int)length, (int)down, (int)across, (int)channels);
            padded.Dispose();
            var products = torch.bmm(windows, kernel);
            windows.Dispose();
            WinogradTransform.Back(
                Values(products),
                Values(bias),
                added is null ? [] : Values(added.narrow(0, first, length)),
                Values(output.narrow(0, first, length)),
                (int)height,
                (int)width,
                rectifies);
        }

        return output.permute(0, 3, 1, 2);
    }

    public void Dispose() => kernel.Dispose();

    private static long Tiles(long side) => (side + Tile - 1) / Tile;

    private static Span<float> Values(torch.Tensor dense) => MemoryMarshal.Cast<byte, float>(dense.bytes);
}
