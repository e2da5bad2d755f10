using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Models;

public sealed class PretrainedResNetTests : IClassFixture<PretrainedResNetTests.Packaged>, IDisposable
{
    private readonly PretrainedResNet packaged;
    private readonly DisposeScope scope = torch.NewDisposeScope();
    private readonly TemporaryFolder folder = new();

    public PretrainedResNetTests(Packaged fixture) => packaged = fixture.Network;

    public void Dispose()
    {
        folder.Dispose();
        scope.Dispose();
    }

    [Fact]
    public void Should_GiveOnnxRuntimesFeatures_When_ImagesHaveTheSizeOfTheTraining()
    {
        using var preprocessing = OnnxPeer.Preprocessing();
        using var network = OnnxPeer.Network();
        using var frozen = packaged.Freeze(torch.CPU);
        var images = Formula.Pixels("photographs", 2, 3, 224, 224);
        var expected = Enumerable.Range(0, 2).SelectMany(i =>
        {
            var input = preprocessing.Run(images.narrow(0, i, 1).to(torch.float32));
            return network.Run(torch.tensor(input, [1, 3, 224, 224]));
        }).ToArray();
        var found = frozen.Features((packaged.Preprocessing with { Size = 224 }).Apply(images, torch.CPU));
        AssertEqual(expected, found);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(128)]
    public void Should_GiveOnnxRuntimesFeatures_When_ImagesHaveAnotherSize(int size)
    {
        using var peer = OnnxPeer.NetworkOfAnySize();
        using var frozen = packaged.Freeze(torch.CPU);
        using var network = packaged.NewNetwork(classes: 3);
        using var noGradient = torch.no_grad();
        var input = (packaged.Preprocessing with { Size = size }).Apply(Formula.Pixels("small", 3, 3, 32, 32), torch.CPU);
        var expected = peer.Run(input);
        AssertEqual(expected, frozen.Features(input));
        AssertEqual(expected, network.Features(input.to(Torch.Device)).cpu());
    }

    [Fact]
    public void Should_HaveTwentyLayers_When_ThePackageIsRead()
    {
        using var network = packaged.NewNetwork(classes: 10);
        var convolutions = network.state_dict().Where(entry => entry.Value.dim() == 4).ToList();
        // The shortcuts' three 1 x 1 convolutions stand beside the path; the head is the twentieth layer.
        Assert.Equal(19, convolutions.Count(entry => entry.Value.shape[2] > 1));
        Assert.Equal(3, convolutions.Count(entry => entry.Value.shape[2] == 1));
        Assert.Contains("20-layer", packaged.Name, StringComparison.Ordinal);
        Assert.Contains("Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1", packaged.Source, StringComparison.Ordinal);
        Assert.False(network.training);
    }

    [Theory]
    [InlineData("ResNet18.onnx")]
    [InlineData("ResNetPreprocess.onnx")]
    public void Should_NameTheFile_When_OneByteIsChanged(string name)
    {
        CopyPackage();
        var path = folder.At(name);
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
        var error = Assert.Throws<FewShotException>(() => PretrainedResNet.Packaged(folder.Root));
        Assert.Contains(path, error.Message, StringComparison.Ordinal);
        Assert.Contains("SHA-256", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheLength_When_AFileIsCutShort()
    {
        CopyPackage();
        File.WriteAllBytes(folder.At("ResNet18.onnx"), [1, 2, 3]);
        var error = Assert.Throws<FewShotException>(() => PretrainedResNet.Packaged(folder.Root));
        Assert.Contains("3 bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayToRestore_When_AFileIsMissing()
    {
        var error = Assert.Throws<FewShotException>(() => PretrainedResNet.Packaged(folder.Root));
        Assert.Contains("restore the packages", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Disposed()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var network = packaged.NewNetwork(classes: 2))
        using (var frozen = packaged.Freeze(torch.CPU))
            Assert.NotNull(frozen.Name);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void AssertEqual(float[] expected, torch.Tensor found)
    {
        var truth = torch.tensor(expected, found.shape);
        var difference = ((found - truth).abs().max() / truth.abs().max()).item<float>();
        Assert.True(difference <= 1e-4, $"The features differ by {difference:E1} of the largest.");
    }

    private void CopyPackage()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "backbone")))
            File.Copy(file, folder.At(Path.GetFileName(file)));
    }

    /// <summary>Read once for all tests of this class.</summary>
    public sealed class Packaged : IDisposable
    {
        public PretrainedResNet Network { get; } = PretrainedResNet.Packaged();

        public void Dispose() => Network.Dispose();
    }
}
