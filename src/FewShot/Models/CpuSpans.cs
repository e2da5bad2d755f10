using System.Numerics;
using System.Runtime.InteropServices;
using TorchSharp;

namespace FewShot.Models;

/// <summary>Contiguous tensors in the CPU's memory as spans, for passes that no operation of libtorch does at once.</summary>
/// <remarks>A span does not keep its tensor: whoever holds one needs <see cref="GC.KeepAlive"/>.</remarks>
internal static class CpuSpans
{
    /// <summary>Whether a span can hold so many values of the type, and in the memory, of this tensor.</summary>
    public static bool Reach(torch.Tensor tensor, long values) => tensor.device_type == DeviceType.CPU && values <= int.MaxValue / tensor.element_size();

    /// <summary>Whether a span can hold all of this tensor, and so many channels, which lie last in it, are whole vectors.</summary>
    public static bool ReachVectors(torch.Tensor tensor, long channels)
    {
        var lanes = tensor.dtype switch { torch.ScalarType.Float32 => Vector<float>.Count, torch.ScalarType.Float64 => Vector<double>.Count, _ => 0 };
        return lanes > 0 && channels % lanes == 0 && Reach(tensor, tensor.numel());
    }

    /// <summary>All of its vectors.</summary>
    public static Span<Vector<T>> Vectors<T>(torch.Tensor tensor)
        where T : unmanaged => MemoryMarshal.Cast<byte, Vector<T>>(tensor.bytes);
}
