using System.Numerics;
using TorchSharp;
using static TorchSharp.torch.autograd;

namespace FewShot.Models;

/// <summary>
/// The 3 x 3 neighbourhoods of images, so that a convolution is one matrix product for each task, with weights of its own. The way back
/// (<see cref="Spread"/>) is the adjoint, and each is the other's gradient: derivatives of any order exist.
/// </summary>
/// <remarks>
/// Channels lie last, so that a row of a neighbourhood is one stretch of memory; libtorch's unfold and fold copy value by value. On a CPU each
/// way is one pass (<see cref="PatchKernel"/>); elsewhere it is composed of libtorch's operations.
/// </remarks>
internal static class ImagePatches
{
    /// <summary>Height and width of a neighbourhood.</summary>
    public const int Kernel = 3;

    /// <summary>Height or width of the output of a 3 x 3 convolution with padding 1.</summary>
    public static long OutputSize(long size, int stride) => ((size - 1) / stride) + 1;

    /// <summary>Gathers, with zeros beyond the edge.</summary>
    /// <param name="images">B x H x W x C, contiguous.</param>
    /// <param name="stride">1 or 2.</param>
    /// <returns>B x H' x W' x 9 C: rows, columns, then channels of each neighbourhood.</returns>
    public static torch.Tensor Gather(torch.Tensor images, int stride) =>
        images.requires_grad ? GatherFunction.apply(images, stride) : GatherValues(images, stride);

    /// <summary>The adjoint of <see cref="Gather"/>: adds every value back to the pixel it came from.</summary>
    /// <param name="patches">B x H' x W' x 9 C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="stride">1 or 2.</param>
    /// <returns>B x H x W x C, contiguous.</returns>
    public static torch.Tensor Spread(torch.Tensor patches, long height, long width, int stride) =>
        patches.requires_grad ? SpreadFunction.apply(patches, height, width, stride) : SpreadValues(patches, height, width, stride);

    /// <summary>As <see cref="Gather"/>, of libtorch's operations.</summary>
    public static torch.Tensor ComposeGather(torch.Tensor images, int stride)
    {
        using var scope = torch.NewDisposeScope();
        var (count, height, width, channels) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var padded = torch.nn.functional.pad(images, [0, 0, 1, 1, 1, 1]);
        var row = (width + 2) * channels;
        var (high, wide) = (OutputSize(height, stride), OutputSize(width, stride));
        // Three neighbours in a row lie side by side: one stretch of 3 C values.
        return padded
            .as_strided([count, high, wide, Kernel, Kernel * channels], [(height + 2) * row, stride * row, stride * channels, row, 1])
            .contiguous().view(count, high, wide, Kernel * Kernel * channels).MoveToOuterDisposeScope();
    }

    /// <summary>As <see cref="Spread"/>, of libtorch's operations.</summary>
    public static torch.Tensor ComposeSpread(torch.Tensor patches, long height, long width, int stride)
    {
        using var scope = torch.NewDisposeScope();
        var (count, high, wide, channels) = (patches.shape[0], patches.shape[1], patches.shape[2], patches.shape[3] / (Kernel * Kernel));
        var images = patches.new_empty(count, height, width, channels);
        var taps = patches.view(count, high, wide, Kernel, Kernel, channels);
        // The taps 1 .. stride of rows and columns meet every pixel exactly once: they write, the others add.
        foreach (var writes in new[] { true, false })
        {
            for (var y = 0; y < Kernel; y++)
            {
                for (var x = 0; x < Kernel; x++)
                {
                    if (writes != (y >= 1 && y <= stride && x >= 1 && x <= stride))
                        continue;
                    var (toY, fromY, rows) = Overlap(y, height, high, stride);
                    var (toX, fromX, columns) = Overlap(x, width, wide, stride);
                    if (rows == 0 || columns == 0)
                        continue;
                    var target = images.slice(1, toY, toY + (stride * (rows - 1)) + 1, stride).slice(2, toX, toX + (stride * (columns - 1)) + 1, stride);
                    var values = taps.select(3, y).select(3, x).narrow(1, fromY, rows).narrow(2, fromX, columns);
                    _ = writes ? target.copy_(values) : target.add_(values);
                }
            }
        }

        return images.MoveToOuterDisposeScope();
    }

    private static torch.Tensor GatherValues(torch.Tensor images, int stride)
    {
        var (height, width) = (images.shape[1], images.shape[2]);
        long[] shape = [images.shape[0], OutputSize(height, stride), OutputSize(width, stride), Kernel * Kernel * images.shape[3]];
        if (!CpuSpans.Reach(images, shape[0] * shape[1] * shape[2] * shape[3]))
            return ComposeGather(images, stride);
        var patches = images.new_empty(shape);
        new PatchKernel((int)height, (int)width, stride).Gather(images.bytes, patches.bytes, (int)(images.shape[3] * images.element_size()));
        GC.KeepAlive(images);
        return patches;
    }

    private static torch.Tensor SpreadValues(torch.Tensor patches, long height, long width, int stride)
    {
        var channels = patches.shape[3] / (Kernel * Kernel);
        if (!CpuSpans.ReachVectors(patches, channels))
            return ComposeSpread(patches, height, width, stride);
        var images = patches.new_empty(patches.shape[0], height, width, channels);
        if (images.dtype == torch.ScalarType.Float32)
            Run<float>();
        else
            Run<double>();
        GC.KeepAlive(patches);
        return images;

        void Run<T>()
            where T : unmanaged
        {
            new PatchKernel((int)height, (int)width, stride).Spread(CpuSpans.Vectors<T>(patches), CpuSpans.Vectors<T>(images), (int)channels / Vector<T>.Count);
        }
    }

    /// <summary>Where output positions o with tap k lie in the image: o x stride + k - 1.</summary>
    /// <returns>The first pixel, the first output position, and how many there are.</returns>
    private static (long To, long From, long Count) Overlap(int tap, long size, long outputs, int stride)
    {
        // Only tap 0 of the first position lies beyond the edge, at -1.
        var from = tap == 0 ? 1L : 0L;
        var to = (from * stride) + tap - 1;
        var count = Math.Min(outputs - from, to >= size ? 0 : ((size - 1 - to) / stride) + 1);
        return (to, from, Math.Max(0, count));
    }

    private sealed class GatherFunction : SingleTensorFunction<GatherFunction>
    {
        public override string Name => nameof(ImagePatches) + nameof(Gather);

        public override torch.Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var (images, stride) = ((torch.Tensor)vars[0], (int)vars[1]);
            ctx.save_data("height", images.shape[1]);
            ctx.save_data("width", images.shape[2]);
            ctx.save_data("stride", stride);
            return GatherValues(images, stride);
        }

        public override List<torch.Tensor> backward(AutogradContext ctx, torch.Tensor grad_output) =>
            [Spread(grad_output.contiguous(), (long)ctx.get_data("height"), (long)ctx.get_data("width"), (int)ctx.get_data("stride")), null!];
    }

    private sealed class SpreadFunction : SingleTensorFunction<SpreadFunction>
    {
        public override string Name => nameof(ImagePatches) + nameof(Spread);

        public override torch.Tensor forward(AutogradContext ctx, params object[] vars)
        {
            var stride = (int)vars[3];
            ctx.save_data("stride", stride);
            return SpreadValues((torch.Tensor)vars[0], (long)vars[1], (long)vars[2], stride);
        }

        public override List<torch.Tensor> backward(AutogradContext ctx, torch.Tensor grad_output) =>
            [Gather(grad_output.contiguous(), (int)ctx.get_data("stride")), null!, null!, null!];
    }
}
