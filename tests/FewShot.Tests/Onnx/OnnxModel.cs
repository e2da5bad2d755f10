using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using TorchSharp;

namespace FewShot.Tests.Onnx;

/// <summary>A model in ONNX Runtime: a program that shares no arithmetic with ours.</summary>
internal sealed class OnnxModel(string path) : IDisposable
{
    private readonly InferenceSession session = new(path);

    public IReadOnlyDictionary<string, string> Metadata => session.ModelMetadata.CustomMetadataMap;

    public string Producer => session.ModelMetadata.ProducerName;

    public IReadOnlyList<string> Outputs => session.OutputNames;

    /// <summary>One output, float32, in its shape.</summary>
    /// <param name="name">Of the output.</param>
    /// <param name="input">float32, or uint8.</param>
    public torch.Tensor Run(string name, torch.Tensor input)
    {
        using var results = session.Run([Value(input)], [name]);
        var tensor = results[0].AsTensor<float>();
        return torch.tensor(tensor.ToArray(), [.. tensor.Dimensions.ToArray().Select(side => (long)side)]);
    }

    /// <summary>One output of texts, booleans or the like.</summary>
    public T[] Run<T>(string name, torch.Tensor input)
    {
        using var results = session.Run([Value(input)], [name]);
        return [.. results[0].AsTensor<T>()];
    }

    public void Dispose() => session.Dispose();

    private NamedOnnxValue Value(torch.Tensor input)
    {
        using var plain = input.contiguous();
        int[] shape = [.. plain.shape.Select(side => (int)side)];
        var name = session.InputNames[0];
        return plain.dtype == torch.ScalarType.Byte
            ? NamedOnnxValue.CreateFromTensor(name, new DenseTensor<byte>(plain.data<byte>().ToArray(), shape))
            : NamedOnnxValue.CreateFromTensor(name, new DenseTensor<float>(plain.data<float>().ToArray(), shape));
    }
}
