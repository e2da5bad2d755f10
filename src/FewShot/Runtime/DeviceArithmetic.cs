using System.Globalization;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>Real work on a device: a matrix product, a convolution and a gradient, against the CPU in double precision.</summary>
internal static class DeviceArithmetic
{
    private const double Tolerance = 1e-4;
    private const int Iterations = 100;
    private const long MostBytesKept = 64L << 20;

    /// <summary>Whether the results are those of the CPU.</summary>
    public static DeviceFinding Agreement(torch.Device device)
    {
        try
        {
            var (expected, found) = (Compute(torch.CPU, torch.float64), Compute(device, torch.float32));
            var parts = expected.Zip(found, (one, other) => (one.Name, Difference: Difference(one.Values, other.Values)));
            var worst = parts.MaxBy(part => double.IsNaN(part.Difference) ? double.PositiveInfinity : part.Difference);
            var text = string.Create(
                CultureInfo.InvariantCulture,
                $"matrix product, convolution and gradient on {Name(device)} differ from double precision by {worst.Difference:0.0e+0}");
            return worst.Difference <= Tolerance
                ? new(true, "Arithmetic", text)
                : new(false, "Arithmetic", $"{text} (the {worst.Name}): results there are wrong.");
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException)
        {
            return new(false, "Arithmetic", $"{Name(device)} does not compute: {e.Message.Split('\n')[0]}");
        }
    }

    /// <summary>Whether as many tensors, and as many bytes on the device, are there after a hundred iterations as before.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="freeBytes">Free memory of the device, or null where it cannot be asked.</param>
    public static DeviceFinding Memory(torch.Device device, Func<long?> freeBytes)
    {
        try
        {
            // The first iterations load kernels, and fill the pool that libtorch keeps.
            Iterate(device, 10);
            var (tensors, free) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, freeBytes());
            Iterate(device, Iterations);
            var more = DisposeScopeManager.Statistics.ThreadTotalLiveCount - tensors;
            var taken = free - freeBytes();
            var bytes = taken is { } known
                ? string.Create(CultureInfo.InvariantCulture, $"{known / (1 << 20):N0} MB more on the GPU")
                : "memory of the device not asked";
            return new(more == 0 && (taken ?? 0) <= MostBytesKept, "Memory", string.Create(
                CultureInfo.InvariantCulture, $"after {Iterations} iterations on {Name(device)}: {more} tensors more, {bytes}"));
        }
        catch (Exception e) when (e is ExternalException or InvalidOperationException)
        {
            return new(false, "Memory", $"{Name(device)} does not compute: {e.Message.Split('\n')[0]}");
        }
    }

    /// <summary>The largest difference, relative to the largest value.</summary>
    internal static double Difference(IReadOnlyList<double> expected, IReadOnlyList<double> found)
    {
        var scale = expected.Max(Math.Abs);
        return expected.Zip(found, (a, b) => Math.Abs(a - b)).Max() / scale;
    }

    private static List<(string Name, double[] Values)> Compute(torch.Device device, torch.ScalarType type)
    {
        using var scope = torch.NewDisposeScope();
        double[] Values(torch.Tensor tensor) => tensor.detach().cpu().to(torch.float64).contiguous().data<double>().ToArray();
        return [.. Work(device, type).Select(part => (part.Name, Values(part.Value)))];
    }

    /// <summary>The tensors belong to the enclosing dispose scope.</summary>
    private static (string Name, torch.Tensor Value)[] Work(torch.Device device, torch.ScalarType type)
    {
        using var gradient = torch.enable_grad();
        using var exact = ExactProducts.On(device);
        torch.Tensor Waves(params long[] shape) =>
            torch.arange(shape.Aggregate(1L, (a, b) => a * b), torch.float64).mul(0.37).sin().view(shape).to(type).to(device);
        var (left, right, images) = (Waves(64, 96), Waves(96, 32), Waves(4, 8, 16, 16));
        var kernel = Waves(16, 8, 3, 3).requires_grad_();
        var convolved = torch.nn.functional.conv2d(images, kernel, padding: [1, 1]);
        torch.autograd.backward([convolved.square().mean()], inputs: [kernel]);
        return [("matrix product", left.mm(right)), ("convolution", convolved), ("gradient", kernel.grad!)];
    }

    private static void Iterate(torch.Device device, int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var scope = torch.NewDisposeScope();
            // Reading a value waits for the device, so that the memory asked for afterwards is that of finished work.
            _ = Work(device, torch.float32)[^1].Value.sum().item<float>();
        }
    }

    private static string Name(torch.Device device) => device.type == DeviceType.CPU ? "the CPU" : "the GPU";
}
