using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Models;

public sealed class ResNetTests : IDisposable
{
    private static readonly ResNetOptions Small = new()
    {
        Name = "small ResNet",
        Widths = [32, 64, 128],
        Blocks = [1, 1, 1],
        Stem = ResNetStem.Cifar,
    };

    private static readonly ResNetOptions Tiny = Small with { Widths = [4, 8], Blocks = [1, 1], Classes = 3 };

    private readonly TemporaryFolder folder = new();
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose()
    {
        scope.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Should_GiveTorchvisionsNumbers_When_WeightsAreTheSame()
    {
        var golden = GoldenFile.Read("resnet18.json");
        var path = Weights(ResNetOptions.ResNet18);
        using var noGradient = torch.no_grad();
        using var network = ResNet.Load(path, ResNetOptions.ResNet18);
        using var frozen = FrozenResNet.Load(path, ResNetOptions.ResNet18, torch.CPU);
        var images = Formula.Floats("images", [2, 3, 64, 96], u => (u * 4) - 2);
        var expected = golden.Values<float[]>("features").SelectMany(row => row).ToArray();

        network.forward(images).ShouldEqual([.. golden.Values<float[]>("logits").SelectMany(row => row)], 1e-4);
        network.Features(images).ShouldEqual(expected, 1e-4);
        frozen.Features(images).ShouldEqual(expected, 1e-4);
    }

    [Fact]
    public void Should_HaveTorchvisionsParameterCount_When_BuiltAsResNet18()
    {
        using var network = new ResNet(ResNetOptions.ResNet18);
        Assert.Equal(11_689_512, network.parameters().Sum(parameter => parameter.numel()));
    }

    [Theory]
    [InlineData(3, 32, 32)]
    [InlineData(1, 21, 33)]
    public void Should_GiveTheSameFeatures_When_SmallNetworkIsFrozen(int count, int height, int width)
    {
        var path = Weights(Small);
        using var network = ResNet.Load(path, Small);
        using var frozen = FrozenResNet.Load(path, Small, torch.CPU);
        var images = torch.randn(count, 3, height, width);
        var (expected, found) = (network.Features(images).detach(), frozen.Features(images));
        Assert.Equal([count, 128], found.shape);
        Assert.True(torch.allclose(expected, found, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Should_GiveTheSameFeatures_When_ManyLargeImagesAreTakenInSlices()
    {
        using var network = new ResNet(Tiny);
        using var frozen = new FrozenResNet(network, "new", "0123456789", torch.CPU);
        network.eval();
        var images = torch.randn(5, 3, 256, 512);
        Assert.True(torch.allclose(network.Features(images).detach(), frozen.Features(images), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Should_GiveTheSameFeatures_When_ThreadsShareManyImages()
    {
        using var network = new ResNet(Tiny);
        using var frozen = new FrozenResNet(network, "new", "0123456789", torch.CPU);
        network.eval();
        var images = torch.randn(131, 3, 8, 8);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var found = frozen.Features(images))
        using (var ours = network.Features(images))
        using (var expected = ours.detach())
            Assert.True(torch.allclose(expected, found, rtol: 1e-4, atol: 1e-5));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_StayUnderTwoMegabytes_When_SmallNetworkIsSaved()
    {
        using var network = new ResNet(Small with { Classes = 120 });
        network.Save(folder.At("small.safetensors"));
        Assert.InRange(new FileInfo(folder.At("small.safetensors")).Length, 1, 2_000_000);
    }

    [Fact]
    public void Should_GiveFeaturesThatTrainAHead_When_Frozen()
    {
        using var network = new ResNet(Tiny);
        using var frozen = new FrozenResNet(network, "new", "0123456789", torch.CPU);
        var features = frozen.Features(torch.randn(2, 3, 8, 8));
        using var head = torch.nn.Linear(frozen.FeatureCount, 2);
        head.forward(features).sum().backward();
        Assert.False(features.requires_grad);
        Assert.NotNull(head.weight.grad);
    }

    [Fact]
    public void Should_KeepNoTensor_When_FeaturesAreDisposed()
    {
        using var network = new ResNet(Tiny);
        using var frozen = new FrozenResNet(network, "new", "0123456789", torch.CPU);
        var images = torch.randn(2, 3, 8, 8);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        frozen.Features(images).Dispose();
        network.Features(images).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_LowerTheLoss_When_TrainedFromScratch()
    {
        Torch.Seed(1);
        using var network = new ResNet(Tiny);
        network.train();
        using var optimiser = torch.optim.Adam(network.parameters(), 0.01);
        var images = torch.randn(12, 3, 8, 8);
        var labels = torch.arange(12, torch.int64).remainder(3);
        var losses = new List<float>();
        for (var step = 0; step < 30; step++)
        {
            using var stepScope = torch.NewDisposeScope();
            optimiser.zero_grad();
            var loss = torch.nn.functional.cross_entropy(network.forward(images), labels);
            loss.backward();
            optimiser.step();
            losses.Add(loss.item<float>());
        }

        Assert.True(losses[^1] < losses[0] / 5, $"The loss went from {losses[0]} to {losses[^1]}.");
    }

    [Fact]
    public void Should_CoverTheBackbone_When_GroupsAreListed()
    {
        using var network = new ResNet(Tiny);
        var grouped = network.Groups.Sum(group => group.Value.parameters().Sum(parameter => parameter.numel()));
        var head = network.Head.parameters().Sum(parameter => parameter.numel());
        Assert.Equal(["stem", "layer1", "layer2"], network.Groups.Select(group => group.Key));
        Assert.Equal(network.parameters().Sum(parameter => parameter.numel()), grouped + head);
    }

    [Fact]
    public void Should_KeepStatistics_When_AGroupIsHeldInEvaluation()
    {
        using var network = new ResNet(Tiny);
        network.train();
        network.Groups[0].Value.eval();
        var state = network.state_dict();
        network.forward(torch.randn(4, 3, 8, 8)).Dispose();
        Assert.Equal(0, state["bn1.num_batches_tracked"].item<long>());
        Assert.Equal(1, state["layer1.0.bn1.num_batches_tracked"].item<long>());
    }

    [Fact]
    public void Should_HaveAHeadOfItsOwn_When_OnlyTheBackboneIsLoaded()
    {
        using var network = ResNet.LoadBackbone(Weights(Tiny), Tiny with { Classes = 7 });
        Assert.Equal([7, 8], network.Head.weight.shape);
        Assert.Equal(Formula.Weights("conv1.weight", [4, 3, 3, 3]), network.state_dict()["conv1.weight"]);
    }

    [Fact]
    public void Should_NameTheKeys_When_TheFileIsOfAnotherNetwork()
    {
        var path = folder.At("other.safetensors");
        TensorFile.Write(path, new Dictionary<string, torch.Tensor> { ["features.0.weight"] = torch.zeros(2) });
        var error = Assert.Throws<FewShotException>(() => ResNet.Load(path, Tiny));
        Assert.Contains("missing conv1.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("not expected features.0.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheKey_When_ItsTypeOrShapeIsWrong()
    {
        AssertRefused("bn1.bias", torch.zeros(4, torch.float64), "'bn1.bias' is Float64 [4]");
        AssertRefused("layer2.0.conv1.weight", torch.zeros(8, 4, 1, 1), "'layer2.0.conv1.weight' is Float32 [8, 4, 1, 1]");
    }

    [Fact]
    public void Should_Refuse_When_ImagesAreNotNormalisedFloats()
    {
        using var network = new ResNet(Tiny);
        using var frozen = new FrozenResNet(network, "new", "0123456789", torch.CPU);
        Assert.Throws<FewShotException>(() => frozen.Features(torch.zeros(1, 3, 8, 8, torch.uint8)));
        Assert.Throws<FewShotException>(() => frozen.Features(torch.zeros(1, 1, 8, 8)));
    }

    [Fact]
    public void Should_TellClassesApart_When_WeightsAndImagesAreReal()
    {
        Assert.SkipWhen(
            string.IsNullOrEmpty(Environment.GetEnvironmentVariable(DataFolder.Variable)),
            "FEWSHOT_DATA is not set: no real weights or images.");
        var (weights, cifar) = (DataFolder.Default.FindResNet18Weights(), DataFolder.Default.FindCifar10());
        Assert.SkipWhen(weights is null || cifar is null, "The data folder has no ResNet-18 weights or no CIFAR-10.");
        using var frozen = FrozenResNet.Load(weights!, ResNetOptions.ResNet18, torch.CPU);
        using var test = Cifar10.LoadTest(cifar!);
        var first = Subset.First(test, perClass: 12);
        using var images = test.Select(first);
        var features = frozen.Features(new Preprocessing(64).Apply(images.Images, torch.CPU));
        features = torch.nn.functional.normalize(features - features.mean([0], keepdim: true), dim: 1);
        var others = features.mm(features.t()) - (2 * torch.eye(images.Count));
        var nearest = images.Labels.index_select(0, others.argmax(1));
        var right = nearest.eq(images.Labels).to(torch.float32).mean().item<float>();
        Assert.True(right > 0.3, $"The nearest image shares the class for {right:P0} of images; chance is 10 %.");
    }

    private string Weights(ResNetOptions options)
    {
        var path = folder.At("weights.safetensors");
        Formula.Save(path, options);
        return path;
    }

    private void AssertRefused(string key, torch.Tensor wrong, string message)
    {
        var path = Weights(Tiny);
        using (var file = TensorFile.Read(path))
            TensorFile.Write(path, new Dictionary<string, torch.Tensor>(file.Tensors) { [key] = wrong });
        var error = Assert.Throws<FewShotException>(() => ResNet.Load(path, Tiny));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}
