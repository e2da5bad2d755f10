using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// Random numbers beside those of a generator, without taking any of it: a generator of its own, whose seed follows from the first
/// numbers that the other one gave. Rows follow one another whatever the size of the batches.
/// </summary>
/// <param name="stream">Tells several of one generator apart.</param>
internal sealed class DrawStream(long stream) : IDisposable
{
    private torch.Generator? generator;

    /// <summary>As many numbers for each image as asked for.</summary>
    /// <param name="first">float32, N x at least 2, on the CPU, each in [0, 1): what the other generator gave for these images.</param>
    /// <param name="columns">Numbers for each image.</param>
    /// <returns>float32, N x columns, on the CPU, each in [0, 1).</returns>
    public torch.Tensor Next(torch.Tensor first, int columns)
    {
        if (generator is null && first.shape[0] > 0)
        {
            // A float32 in [0, 1) holds 24 bits.
            long Bits(long column) => (long)(first[0, column].item<float>() * (1 << 24));
            generator = new torch.Generator(new StableRandom((Bits(0) << 24) | Bits(1), stream).NextBits(), torch.CPU);
        }

        return torch.rand(first.shape[0], columns, torch.float32, generator: generator);
    }

    /// <inheritdoc/>
    public void Dispose() => generator?.Dispose();
}
