using FewShot.Models;
using FewShot.Onnx;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using FewShot.Tests.Transfer;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Onnx;

public sealed class NetworkExportTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Theory]
    [InlineData(ResNetStem.ImageNet)]
    [InlineData(ResNetStem.Cifar)]
    public void Should_GiveTheNetworksScoresAndFeatures_When_BothStemsAreExported(ResNetStem stem)
    {
        using var network = Small(stem);
        OnnxExport.Network(network, folder.At("network.onnx"));
        using var model = new OnnxModel(folder.At("network.onnx"));
        var images = Formula.Floats("images", [3, 3, 33, 48], value => (4 * value) - 2);
        using var noGradient = torch.no_grad();
        var onDevice = images.to(Torch.Device);
        Assert.InRange(Pictures.Difference(model.Run("scores", images), network.call(onDevice).cpu()), 0, 1e-4);
        Assert.InRange(Pictures.Difference(model.Run("features", images), network.Features(onDevice).cpu()), 0, 1e-4);
    }

    [Fact]
    public void Should_GiveTheBackbonesFeatures_When_TheCoursesOwnIsExported()
    {
        using var pretrained = PretrainedResNet.Packaged();
        using var frozen = pretrained.Freeze(torch.CPU);
        OnnxExport.Backbone(frozen, folder.At("backbone.onnx"));
        using var model = new OnnxModel(folder.At("backbone.onnx"));
        var images = (pretrained.Preprocessing with { Size = 96 }).Apply(Pictures.Make(2, 150, 101), torch.CPU);
        Assert.InRange(Pictures.Difference(model.Run("features", images), frozen.Features(images)), 0, 1e-4);
        Assert.Equal(pretrained.Digest, model.Metadata["backbone"]);
    }

    [Fact]
    public void Should_SayWhatTheClassesAre_When_TheNetworkKnows()
    {
        using var network = new ResNet(Options(ResNetStem.Cifar).For(["cat", "dog"]));
        OnnxExport.Network(network, folder.At("network.onnx"));
        using var model = new OnnxModel(folder.At("network.onnx"));
        Assert.Equal("""["cat","dog"]""", model.Metadata["classes"]);
        Assert.Equal(NetworkClassifier.Digest(network), model.Metadata["backbone"]);
    }

    [Fact]
    public void Should_NameTheType_When_ABackboneCannotBeExported()
    {
        using var backbone = new FakeExtractor();
        var error = Assert.Throws<FewShotException>(() => OnnxExport.Backbone(backbone, folder.At("model.onnx")));
        Assert.Contains(nameof(FakeExtractor), error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.At("model.onnx")));
    }

    [Fact]
    public void Should_NameTheFile_When_ItCannotBeWritten()
    {
        using var network = Small(ResNetStem.Cifar);
        File.WriteAllText(folder.At("file"), "in the way");
        var error = Assert.Throws<FewShotException>(() => OnnxExport.Network(network, folder.At("file", "network.onnx")));
        Assert.Contains("network.onnx", error.Message, StringComparison.Ordinal);
    }

    private static ResNetOptions Options(ResNetStem stem) => new() { Stem = stem, Widths = [8, 12], Blocks = [1, 2], Classes = 3 };

    private ResNet Small(ResNetStem stem)
    {
        Formula.Save(folder.At("weights.safetensors"), Options(stem));
        var network = ResNet.Load(folder.At("weights.safetensors"), Options(stem));
        _ = network.to(Torch.Device);
        return network;
    }
}
