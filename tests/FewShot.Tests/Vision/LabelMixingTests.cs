using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Vision;

public sealed class LabelMixingTests : IDisposable
{
    private const int Height = 6, Width = 10;
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(LabelMixingKind.Mixup, 1)]
    [InlineData(LabelMixingKind.Mixup, 0.2)]
    [InlineData(LabelMixingKind.CutMix, 1)]
    [InlineData(LabelMixingKind.CutMix, 0.4)]
    public void Should_NameTheSharesThatAreSeen_When_EachImageHasAColourOfItsOwn(LabelMixingKind kind, double alpha)
    {
        // Image n has the value 1 in channel n and 0 elsewhere: a channel's mean is the share of that image.
        const int Count = 40;
        var images = torch.eye(Count).view(Count, Count, 1, 1).expand(Count, Count, Height, Width);
        var (mixed, targets) = Apply(new() { Kind = kind, Alpha = alpha }, images, torch.arange(Count), Count);
        Assert.True(torch.allclose(mixed.mean([2, 3]), targets, atol: 1e-6));
        Assert.True(torch.allclose(targets.sum(1), torch.ones(Count), atol: 1e-6));
        Assert.InRange((targets > 0).sum(1).max().item<long>(), 1, 2);
        // Each image goes into one other: the columns sum to what an image keeps and what another takes of it.
        var others = (targets * (1 - torch.eye(Count)) > 0).sum([0]);
        Assert.InRange(others.max().item<long>(), 0, 1);
    }

    [Fact]
    public void Should_ShowARectangleOfTheOther_When_CutMixed()
    {
        const int Count = 60;
        var images = torch.eye(Count).view(Count, Count, 1, 1).expand(Count, Count, Height, Width);
        var (mixed, targets) = Apply(new() { Kind = LabelMixingKind.CutMix }, images, torch.arange(Count), Count);
        Assert.True(mixed.eq(0).logical_or(mixed.eq(1)).all().item<bool>());
        var own = torch.stack([.. Enumerable.Range(0, Count).Select(n => mixed[n, n])]);
        var foreign = own.eq(0);
        Assert.Equal(foreign.sum([1, 2]), foreign.any(1).sum(1) * foreign.any(2).sum(1));
        Assert.InRange(foreign.any(1).any(1).sum().item<long>(), 40, Count);
        // The share of the label is the area of the rectangle, to the pixel.
        var area = foreign.to(torch.float32).mean([1, 2]);
        Assert.True(torch.allclose(1 - area, targets.diagonal(), atol: 1e-6));
    }

    [Theory]
    [InlineData(1, 1.0 / 12)]
    [InlineData(0.3, 0.25 / 1.6)]
    public void Should_DrawSharesFromABeta_When_ManyAreMixed(double alpha, double variance)
    {
        const int Count = 4000;
        var images = torch.zeros(Count, 1, 1, 1);
        // Every image is a class of its own, so the diagonal holds what each keeps.
        var shares = Apply(new() { Alpha = alpha }, images, torch.arange(Count), Count).Targets.diagonal();
        Assert.Equal(0.5, shares.mean().item<float>(), 0.02);
        Assert.Equal(variance, shares.var().item<float>(), 0.005);
    }

    [Fact]
    public void Should_AddTheShares_When_BothImagesAreOfOneClass()
    {
        var images = Formula.Floats("mixing", [8, 3, Height, Width], u => u);
        var (_, targets) = Apply(new(), images, torch.ones(8, torch.int64), 3);
        Assert.True(torch.allclose(targets, torch.tensor([0f, 1, 0]).expand(8, 3), atol: 1e-6));
    }

    [Theory]
    [InlineData(LabelMixingKind.Mixup)]
    [InlineData(LabelMixingKind.CutMix)]
    public void Should_GiveTheSameAgain_When_TheSeedIsTheSame(LabelMixingKind kind)
    {
        var images = Formula.Floats("mixing", [8, 3, Height, Width], u => u);
        var before = images.clone();
        var labels = torch.arange(8);
        var first = Apply(new() { Kind = kind }, images, labels, 8);
        var again = Apply(new() { Kind = kind }, images, labels, 8);
        Assert.Equal(first.Images, again.Images);
        Assert.Equal(first.Targets, again.Targets);
        Assert.NotEqual(first.Images, Apply(new() { Kind = kind }, images, labels, 8, seed: 9).Images);
        Assert.Equal(before, images);
    }

    [Fact]
    public void Should_KeepNoTensor_When_TheResultIsDisposed()
    {
        var images = Formula.Floats("mixing", [8, 3, Height, Width], u => u);
        var labels = torch.arange(8);
        using var mixing = new LabelMixing(new() { Kind = LabelMixingKind.CutMix }, 1);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var (mixed, targets) = mixing.Apply(images, labels, 8);
        mixed.Dispose();
        targets.Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_Refuse_When_InputOrSettingsDoNotFit()
    {
        Assert.Throws<FewShotException>(() => new LabelMixing(new() { Alpha = 0 }, 1));
        Assert.Throws<FewShotException>(() => Apply(new(), torch.zeros(2, 3, 4, 4, torch.uint8), torch.arange(2), 2));
        Assert.Throws<FewShotException>(() => Apply(new(), torch.zeros(2, 3, 4, 4), torch.arange(3), 3));
    }

    private static MixedImages Apply(LabelMixingOptions options, torch.Tensor images, torch.Tensor labels, int classes, long seed = 3)
    {
        using var mixing = new LabelMixing(options, seed);
        return mixing.Apply(images, labels, classes);
    }
}
