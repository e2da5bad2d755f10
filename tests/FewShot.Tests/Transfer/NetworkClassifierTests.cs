using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public class NetworkClassifierTests
{
    private static readonly ResNetOptions Tiny = new()
    {
        Name = "tiny ResNet",
        Widths = [4, 8],
        Blocks = [1, 1],
        Stem = ResNetStem.Cifar,
        Classes = 2,
    };

    private static readonly Preprocessing Pixels = new(8);

    [Fact]
    public void Should_PredictAsTheNetworkItself_When_Folded()
    {
        Torch.Seed(2);
        using var images = TinyImages.Make(9);
        using var network = new ResNet(Tiny.For(images.ClassNames));
        network.eval();
        var predictions = NetworkClassifier.Predict(network, images, Pixels, new() { ChunkSize = 4 });
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var probabilities = network.call(Pixels.Apply(images.Images, Torch.Device)).softmax(1).max(1).values;
        Assert.Equal(probabilities.cpu().data<float>().ToArray(), predictions.Confidence, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Theory]
    [InlineData(FeatureScaling.CentreAndScale)]
    [InlineData(FeatureScaling.Standardise)]
    public void Should_PredictAsTheHead_When_StartedFromIt(FeatureScaling scaling)
    {
        Torch.Seed(2);
        using var network = new ResNet(Tiny);
        network.eval();
        using var images = TinyImages.Make(12);
        using var backbone = new FrozenResNet(network, "test", "0");
        using var bank = FeatureBank.Extract(backbone, images, Pixels);
        using var fit = LogisticRegression.Fit(bank, new() { Scaling = scaling, Strengths = [0.1] });
        NetworkClassifier.StartFrom(network, fit.Head);
        var predictions = NetworkClassifier.Predict(network, images, Pixels);
        Assert.Equal(bank.Predict(fit.Head).Confidence, predictions.Confidence, (a, b) => Math.Abs(a - b) < 1e-4);
    }

    [Theory]
    [InlineData(FeatureScaling.Normalise, false)]
    [InlineData(FeatureScaling.CentreAndScale, true)]
    public void Should_Refuse_When_TheHeadIsNotLinear(FeatureScaling scaling, bool squareRoot)
    {
        using var network = new ResNet(Tiny);
        using var scope = torch.NewDisposeScope();
        using var fit = LogisticRegression.Fit(
            torch.eye(8).narrow(0, 0, 2),
            torch.tensor(new long[] { 0, 1 }),
            2,
            new() { Scaling = scaling, SquareRoot = squareRoot, Strengths = [0.1] });
        Assert.Throws<FewShotException>(() => NetworkClassifier.StartFrom(network, fit.Head));
    }

    [Fact]
    public void Should_Refuse_When_ClassesAreNotTheHeads()
    {
        using var network = new ResNet(Tiny);
        using var images = TinyImages.Make(6, classes: 3);
        var error = Assert.Throws<FewShotException>(() => NetworkClassifier.Scores(network, images, Pixels));
        Assert.Contains("3 classes", error.Message, StringComparison.Ordinal);
    }
}
