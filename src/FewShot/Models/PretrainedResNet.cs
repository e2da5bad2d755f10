using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A residual network with weights from ImageNet, read once: to be frozen as a feature extractor, or copied as a
/// network that is trained further.
/// </summary>
public sealed class PretrainedResNet : IDisposable
{
    private readonly ResNet network;

    private PretrainedResNet(ResNet network, string source, string digest, Preprocessing preprocessing)
    {
        this.network = network;
        Source = source;
        Digest = digest;
        Preprocessing = preprocessing;
    }

    /// <summary>What it is called in outputs: "20-layer ResNet".</summary>
    public string Name => network.Options.Name;

    /// <summary>Where its weights come from: the package and version, or the file's name.</summary>
    public string Source { get; }

    /// <summary>SHA-256 of the file of weights, in hexadecimal.</summary>
    public string Digest { get; }

    /// <summary>How pixels become the input that it was trained on.</summary>
    public Preprocessing Preprocessing { get; }

    /// <summary>
    /// The network that the package restore brings: 20 layers, the same bytes for everyone (see <see cref="ResNetOptions.TwentyLayers"/>).
    /// </summary>
    /// <exception cref="FewShotException">The files that the build lays beside the program are missing or damaged.</exception>
    public static PretrainedResNet Packaged() => Packaged(BesideLibrary.At("backbone"));

    /// <summary>Reads the package's two files from a folder.</summary>
    /// <inheritdoc cref="Packaged()"/>
    internal static PretrainedResNet Packaged(string folder)
    {
        var mean = OnnxResNet.ReadMeanImage(Path.Combine(folder, "ResNetPreprocess.onnx"));
        return new PretrainedResNet(
            OnnxResNet.Load(Path.Combine(folder, "ResNet18.onnx")),
            "Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1",
            OnnxResNet.WeightsDigest,
            new Preprocessing { Normalisation = mean });
    }

    /// <summary>torchvision's ResNet-18, whose input torchvision normalises by channel.</summary>
    /// <param name="path">A safetensors file under torchvision's names, with or without its head of 1,000 classes.</param>
    /// <exception cref="FewShotException">The file is damaged, or a tensor is missing, unexpected, or of another shape or type.</exception>
    public static PretrainedResNet TorchvisionResNet18(string path) => Read(path, ResNetOptions.ResNet18);

    /// <summary>A network of any shape in torchvision's manner.</summary>
    internal static PretrainedResNet Read(string path, ResNetOptions options)
    {
        using var file = TensorFile.Read(path);
        return new PretrainedResNet(
            ResNetWeights.Load(file.Tensors, path, options, withHead: false),
            Path.GetFileName(path),
            file.Digest,
            new Preprocessing());
    }

    /// <summary>A feature extractor with a folded copy of the weights.</summary>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    public FrozenResNet Freeze(torch.Device? device = null) => new(network, Source, Digest, device);

    /// <summary>A copy that can be trained, in evaluation mode, on <see cref="Torch.Device"/>, with a new head.</summary>
    /// <param name="classes">Outputs of the new head, at least 1.</param>
    public ResNet NewNetwork(int classes) => NewNetwork(network.Options with { Classes = classes });

    /// <summary>
    /// A copy that can be trained, in evaluation mode, on <see cref="Torch.Device"/>, with a new head that knows its classes.
    /// </summary>
    /// <param name="classNames">The name of each output of the new head.</param>
    /// <exception cref="FewShotException">A name is empty, or stands for two classes.</exception>
    public ResNet NewNetwork(IReadOnlyList<string> classNames) => NewNetwork(network.Options.For(classNames));

    /// <inheritdoc/>
    public void Dispose() => network.Dispose();

    private ResNet NewNetwork(ResNetOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var copy = ResNetWeights.Load(network.state_dict(), Source, options, withHead: false);
        copy.Space = copy.Space with { Weights = Digest };
        _ = copy.to(Torch.Device);
        return copy;
    }
}
