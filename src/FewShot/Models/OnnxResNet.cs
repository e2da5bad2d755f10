using System.Globalization;
using System.Security.Cryptography;
using FewShot.Runtime;
using FewShot.Vision;
using Onnx;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// Reads the ImageNet network that the package Microsoft.ML.DnnImageFeaturizer.ResNet18 brings as ONNX files. Only these files, named by
/// length and digest, are read: the protobuf parser never sees other bytes.
/// </summary>
internal static class OnnxResNet
{
    /// <summary>SHA-256 of the file with the network's weights.</summary>
    public const string WeightsDigest = "e2552f19db2dfdb01b3669537b6a0f1b44da38d18279535492ed5dfc2ef1ff8f";

    private const string MeanDigest = "84bf8def78d0befaa3f6e73745d57d7016c6a192ead76f79686bd438c1047004";
    private const long WeightsLength = 63_653_533;
    private const long MeanLength = 602_584;
    private const int MeanSide = 224;

    /// <summary>
    /// Puts the file's weights into a network of <see cref="ResNetOptions.TwentyLayers"/>; its head stays as it was drawn.
    /// </summary>
    /// <param name="path">The package's <c>ResNet18.onnx</c>.</param>
    /// <returns>The network in evaluation mode; its input is normalised as <see cref="ReadMeanImage"/> says.</returns>
    /// <exception cref="FewShotException">The file is missing, or not the package's.</exception>
    public static ResNet Load(string path)
    {
        var graph = Read(path, WeightsLength, WeightsDigest);
        using var scope = torch.NewDisposeScope();
        return ResNetWeights.Load(Named(graph, path), path, ResNetOptions.TwentyLayers, withHead: false);
    }

    /// <summary>The normalisation that the network was trained with.</summary>
    /// <param name="path">The package's <c>ResNetPreprocess.onnx</c>.</param>
    /// <exception cref="FewShotException">The file is missing, or not the package's.</exception>
    public static MeanImageNormalisation ReadMeanImage(string path)
    {
        var graph = Read(path, MeanLength, MeanDigest);
        return new MeanImageNormalisation(OnnxValues.Of(graph.Initializer.Single(), path), MeanSide, MeanDigest);
    }

    private static GraphProto Read(string path, long length, string digest)
    {
        try
        {
            using var stream = File.OpenRead(path);
            var found = stream.Length == length ? Convert.ToHexStringLower(SHA256.HashData(stream)) : null;
            if (found != digest)
            {
                var what = found is null
                    ? string.Create(CultureInfo.InvariantCulture, $"{stream.Length:N0} bytes long, not {length:N0}")
                    : $"of SHA-256 {found}, not {digest}";
                throw new FewShotException($"{path} is {what}: it is not the file of the package. Restore the packages and build again.");
            }

            stream.Position = 0;
            return ModelProto.Parser.ParseFrom(stream).Graph;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FewShotException(
                $"{path} cannot be read: {e.Message} It comes with the build: restore the packages and build again.",
                e);
        }
    }

    /// <summary>
    /// The file's tensors under torchvision's names. It names them by number; but its convolutions stand in the order of the network, and
    /// their sides tell them apart: 7 x 7 is the stem, a pair of 3 x 3 is a block, 1 x 1 is the shortcut of a stage's first block.
    /// </summary>
    private static Dictionary<string, torch.Tensor> Named(GraphProto graph, string path)
    {
        var tensors = graph.Initializer.ToDictionary(tensor => tensor.Name, StringComparer.Ordinal);
        var norms = graph.Node
            .Where(node => node.OpType == "BatchNormalization")
            .ToDictionary(node => node.Input[0], StringComparer.Ordinal);
        var convolutions = graph.Node.Where(node => node.OpType == "Conv").ToLookup(node => tensors[node.Input[1]].Dims[2]);
        var result = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);

        var blocks = Blocks().SelectMany(block => new[] { ($"{block}.conv1", $"{block}.bn1"), ($"{block}.conv2", $"{block}.bn2") });
        var shortcuts = Enumerable.Range(2, 3).Select(stage => ($"layer{stage}.0.downsample.0", $"layer{stage}.0.downsample.1"));
        foreach (var (node, (convolution, norm)) in convolutions[7].Zip([("conv1", "bn1")])
            .Concat(convolutions[3].Zip(blocks))
            .Concat(convolutions[1].Zip(shortcuts)))
        {
            result[$"{convolution}.weight"] = Tensor(node.Input[1]);
            var parts = new[] { "weight", "bias", "running_mean", "running_var" }.Zip(norms[node.Output[0]].Input.Skip(1));
            foreach (var (name, input) in parts)
                result[$"{norm}.{name}"] = Tensor(input);
        }

        return result;

        torch.Tensor Tensor(string name) => torch.tensor(OnnxValues.Of(tensors[name], path), [.. tensors[name].Dims], torch.float32);
    }

    private static IEnumerable<string> Blocks() =>
        ResNetOptions.TwentyLayers.Blocks
            .SelectMany((count, stage) => Enumerable.Range(0, count).Select(block => $"layer{stage + 1}.{block}"));
}
