using System.Runtime.InteropServices;
using Onnx;

namespace FewShot.Runtime;

/// <summary>Numbers out of tensors as ONNX files store them.</summary>
internal static class OnnxValues
{
    /// <summary>The values of a tensor, in the order of the file.</summary>
    /// <param name="tensor">Of 32-bit floating point numbers.</param>
    /// <param name="path">The file, for the message.</param>
    /// <exception cref="FewShotException">The tensor has another type.</exception>
    public static float[] Of(TensorProto tensor, string path)
    {
        if (tensor.DataType != (int)TensorProto.Types.DataType.Float)
            throw new FewShotException($"{path}: '{tensor.Name}' is not of 32-bit floating point numbers.");
        return tensor.RawData.IsEmpty ? [.. tensor.FloatData] : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray();
    }
}
