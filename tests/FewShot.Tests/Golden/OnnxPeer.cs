using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Onnx;
using TorchSharp;

namespace FewShot.Tests.Golden;

/// <summary>ONNX Runtime on one of the backbone's files: a program that shares no arithmetic with ours.</summary>
internal sealed class OnnxPeer : IDisposable
{
    private readonly SessionOptions options = new();
    private readonly InferenceSession session;

    private OnnxPeer(byte[] model, int threads)
    {
        options.IntraOpNumThreads = threads;
        session = new InferenceSession(model, options);
    }

    /// <summary>The version of ONNX Runtime.</summary>
    public static string Version => OrtEnv.Instance().GetVersionString();

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "backbone");

    /// <summary>Red, green and blue in 0..255 to the network's input, one image of 224 x 224: the file as it is.</summary>
    public static OnnxPeer Preprocessing() => new(File.ReadAllBytes(Path.Combine(Folder, "ResNetPreprocess.onnx")), threads: 0);

    /// <summary>The network's input to features, one image of 224 x 224: the file as it is.</summary>
    public static OnnxPeer Network() => new(File.ReadAllBytes(Path.Combine(Folder, "ResNet18.onnx")), threads: 0);

    /// <summary>
    /// The same for any batch and size: the fixed sizes are taken out of the file, and its 7 x 7 pooling becomes pooling over the whole
    /// map.
    /// </summary>
    /// <param name="threads">Threads to compute with; 0 for ONNX Runtime's choice.</param>
    public static OnnxPeer NetworkOfAnySize(int threads = 0)
    {
        var model = ModelProto.Parser.ParseFrom(File.ReadAllBytes(Path.Combine(Folder, "ResNet18.onnx")));
        var shapes = model.Graph.Input
            .Concat(model.Graph.Output)
            .Concat(model.Graph.ValueInfo)
            .Select(value => value.Type.TensorType.Shape);
        foreach (var shape in shapes)
        {
            foreach (var (axis, dimension) in shape.Dim.Index().Where(pair => pair.Index != 1))
                dimension.DimParam = $"d{axis}";
        }

        model.Graph.ValueInfo.Clear();
        var pooling = model.Graph.Node.Single(node => node.OpType == "AveragePool");
        pooling.OpType = "GlobalAveragePool";
        pooling.Attribute.Clear();
        return new OnnxPeer(model.ToByteArray(), threads);
    }

    /// <summary>Runs a batch.</summary>
    /// <param name="images">float32, N x C x H x W, on the CPU.</param>
    /// <returns>The output's values, in order.</returns>
    public float[] Run(torch.Tensor images)
    {
        var input = new DenseTensor<float>(images.contiguous().data<float>().ToArray(), [.. images.shape.Select(side => (int)side)]);
        using var results = session.Run([NamedOnnxValue.CreateFromTensor(session.InputNames[0], input)]);
        return [.. results[0].AsTensor<float>()];
    }

    public void Dispose()
    {
        session.Dispose();
        options.Dispose();
    }
}
