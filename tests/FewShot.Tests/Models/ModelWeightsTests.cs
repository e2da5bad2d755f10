using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Models;

public class ModelWeightsTests
{
    private static readonly IReadOnlyList<WeightShape> Shapes =
    [
        new("block1.conv.weight", [4, 2, 3, 3], 0, false),
        new("head.weight", [3, 4], 1, true),
        new("head.bias", [3], 1, true),
    ];

    [Fact]
    public void Should_GiveEachWeightItsOwnValues_When_AFlatTensorIsSplit()
    {
        using var scope = torch.NewDisposeScope();
        using var weights = new ModelWeights(Shapes);
        _ = weights.Flat.copy_(torch.arange(weights.Flat.shape[0], torch.float32));
        foreach (var (found, expected) in weights.Split(weights.Flat.clone()).Zip(weights.Tensors))
        {
            Assert.Equal(expected.shape, found.shape);
            Assert.Equal(expected, found);
        }
    }

    [Fact]
    public void Should_Refuse_When_AFlatTensorHasAnotherLength()
    {
        using var weights = new ModelWeights(Shapes);
        using var other = torch.zeros(3);
        Assert.Contains("[3]", Assert.Throws<FewShotException>(() => weights.Split(other)).Message, StringComparison.Ordinal);
    }
}
