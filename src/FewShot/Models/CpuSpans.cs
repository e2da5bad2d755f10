using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FewShot.Models;

/// <summary>Contiguous tensors in the CPU's memory as spans, for passes that no operation of libtorch does at once.</summary>
/// <remarks>A span does not keep its tensor: whoever holds one needs <see cref="GC.KeepAlive"/>.</remarks>
internal static class CpuSpans
{
    /// <summary>Whether a span can hold all of it.</summary>
    public static bool Reach(torch.Tensor tensor) => tensor.device_type == DeviceType.CPU && tensor.numel() <= int.MaxValue / tensor.element_size();

    /// <summary>Whether a span can hold all of it, and its last dimension is whole vectors.</summary>
    public static bool ReachVectors(torch.Tensor tensor)
    {
        var lanes = tensor.dtype switch { torch.ScalarType.Float32 => Vector<float>.Count, torch.ScalarType.Float64 => Vector<double>.Count, _ => 0 };
        return lanes > 0 && tensor.shape[^1] % lanes == 0 && Reach(tensor);
    }

    /// <summary>All of its vectors.</summary>
    public static Span<Vector<T>> Vectors<T>(torch.Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, Vector<T>>(tensor.bytes);
}
