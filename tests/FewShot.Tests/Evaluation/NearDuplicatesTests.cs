using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public sealed class NearDuplicatesTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_LeaveOutCopies_When_TheyAreMirroredBrighterOrNoisy()
    {
        var labelled = Formula.Pixels("labelled", 4, 3, 8, 8);
        var brighter = (labelled[1].to(torch.float32) * 0.5 + 100).round().to(torch.uint8);
        var noisy = (labelled[2].to(torch.float32) + Formula.Floats("noise", [3, 8, 8], u => (u * 20) - 10)).clamp(0, 255).to(torch.uint8);
        var test = torch.stack(
            [Formula.Pixels("other", 3, 8, 8), labelled[0], brighter, noisy, labelled[3].flip(2), Formula.Pixels("another", 3, 8, 8)]);
        Assert.Equal([0L, 5L], NearDuplicates.Without(Set(test), Set(labelled)));
    }

    [Fact]
    public void Should_KeepPlainImages_When_BothArePlain() =>
        Assert.Equal(
            [0L, 1L],
            NearDuplicates.Without(Set(torch.full([2, 3, 4, 4], 7, torch.uint8)), Set(torch.full([1, 3, 4, 4], 9, torch.uint8))));

    [Fact]
    public void Should_Refuse_When_SizesDiffer() =>
        Assert.Throws<FewShotException>(
            () => NearDuplicates.Without(Set(torch.zeros(1, 3, 4, 4, torch.uint8)), Set(torch.zeros(1, 3, 8, 8, torch.uint8))));

    [Fact]
    public void Should_KeepNoTensor_When_Done()
    {
        using var images = Set(Formula.Pixels("a", 3, 3, 8, 8));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = NearDuplicates.Without(images, images);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ImageSet Set(torch.Tensor images) =>
        new("set", images, torch.zeros(images.shape[0], torch.int64), ["any"], isStandIn: true);
}
