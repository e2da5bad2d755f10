using FewShot.Course;
using FewShot.Data;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Data;
using FewShot.Tests.Golden;
using FewShot.Tests.Studies;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Course;

public sealed class CourseMaterialTests : IDisposable
{
    private static readonly DownloadOptions Offline = new() { Offline = true };

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Should_StandInAndSaySoEverywhere_When_NothingIsFoundAndNothingMayBeDownloaded()
    {
        using var material = await CourseMaterial.OpenAsync(
            CourseBackbone.ImageNet20, new DataFolder(folder.Root, Offline), cancellation: TestContext.Current.CancellationToken);
        Assert.True(material.IsStandIn);
        Assert.True(material.Train.IsStandIn && material.Test.IsStandIn);
        Assert.StartsWith("STAND-IN IMAGES", material.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("STAND-IN", material.Source, StringComparison.Ordinal);
        Assert.Contains("FEWSHOT_OFFLINE", material.Notice, StringComparison.Ordinal);
        Assert.Equal(material.Train.ClassNames, material.Test.ClassNames);
        Assert.Equal("20-layer ResNet", material.Backbone.Name);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Root));
    }

    [Fact]
    public async Task Should_NameTheFolder_When_Cifar10IsNotWhole()
    {
        folder.Write("cifar-10-batches-bin/data_batch_1.bin", [1, 2, 3]);
        var error = await Assert.ThrowsAsync<FewShotException>(() =>
            CourseMaterial.OpenAsync(
                CourseBackbone.ImageNet20, new DataFolder(folder.Root, Offline), cancellation: TestContext.Current.CancellationToken));
        Assert.Contains("cifar-10-batches-bin", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_GiveTheBackboneWithANewHead_When_ANetworkIsAskedFor()
    {
        using var material = TinyMaterial.Make();
        using var network = material.NewNetwork(classes: 7);
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        var input = material.Preprocessing.Apply(material.Test.Images, Torch.Device);
        Assert.False(network.training);
        Assert.Equal([material.Test.Count, 7L], network.forward(input).shape);
        Assert.True(network.Features(input).allclose(material.Backbone.Features(input), rtol: 1e-4, atol: 1e-4));
    }

    [Fact]
    public void Should_NameDigestsOfImagesAndWeightsOnce_When_Printed()
    {
        using var material = TinyMaterial.Make();
        Assert.All([material.Train.Digest, material.Test.Digest, material.Backbone.WeightsDigest], digest =>
        {
            Assert.Contains(digest[..8], material.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain(digest[..8], material.Source, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Should_SayHowToGoOn_When_ResNet18IsAskedForAndCannotBeHad()
    {
        var error = await Assert.ThrowsAsync<FewShotException>(() =>
            CourseMaterial.OpenAsync(
                CourseBackbone.ResNet18, new DataFolder(folder.Root, Offline), cancellation: TestContext.Current.CancellationToken));
        Assert.Contains(CourseBackbones.Variable, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Should_StandOnResNet18_When_ItIsAskedForAndThere()
    {
        Formula.Save(folder.At("weights/resnet18.tv_in1k.safetensors"), ResNetOptions.ResNet18);
        using var material = await CourseMaterial.OpenAsync(
            CourseBackbone.ResNet18, new DataFolder(folder.Root, Offline), cancellation: TestContext.Current.CancellationToken);
        Assert.Equal("ResNet-18", material.Backbone.Name);
        Assert.IsType<ChannelNormalisation>(material.Preprocessing.Normalisation);
    }
}
