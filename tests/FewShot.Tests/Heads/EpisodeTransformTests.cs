using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class EpisodeTransformTests
{
    private static torch.Tensor Support => torch.tensor(new[, ,] { { { 3.0, 4 }, { 5, 0 } } });
    private static torch.Tensor Query => torch.tensor(new[, ,] { { { 0.0, 9 } } });

    [Fact]
    public void Should_LeaveFeatures_When_NothingIsAsked()
    {
        using var scope = torch.NewDisposeScope();
        var (support, query) = new EpisodeTransform().Apply(Support, Query);
        Assert.True(Formulas.LargestDifference(support, 3, 4, 5, 0) == 0);
        Assert.True(Formulas.LargestDifference(query, 0, 9) == 0);
    }

    [Fact]
    public void Should_GiveLengthOne_When_L2N()
    {
        using var scope = torch.NewDisposeScope();
        var (support, query) = EpisodeTransform.L2N.Apply(Support, Query);
        Assert.True(Formulas.LargestDifference(support, 0.6, 0.8, 1, 0) < 1e-12);
        Assert.True(Formulas.LargestDifference(query, 0, 1) < 1e-12);
    }

    [Fact]
    public void Should_TakeTheSupportsMeanAway_When_NoCentreIsGiven()
    {
        // The mean of the support is (4, 2).
        using var scope = torch.NewDisposeScope();
        var (support, query) = (EpisodeTransform.CL2N with { IsUnitLength = false }).Apply(Support, Query);
        Assert.True(Formulas.LargestDifference(support, -1, 2, 1, -2) < 1e-12);
        Assert.True(Formulas.LargestDifference(query, -4, 7) < 1e-12);
    }

    [Fact]
    public void Should_TakeTheBaseClassesMeanAway_When_ItIsGiven()
    {
        using var scope = torch.NewDisposeScope();
        var transform = EpisodeTransform.CL2N.CentredOn(torch.tensor(new[,] { { 3.0, 0 }, { 3, 6 } }));
        var (support, query) = transform.Apply(Support, Query);
        Assert.True(Formulas.LargestDifference(support, 0, 1, 2 / Math.Sqrt(13), -3 / Math.Sqrt(13)) < 1e-12);
        Assert.True(Formulas.LargestDifference(query, -3 / Math.Sqrt(45), 6 / Math.Sqrt(45)) < 1e-12);
    }

    [Fact]
    public void Should_CentreRoots_When_ThePowerIsAHalf()
    {
        using var scope = torch.NewDisposeScope();
        var transform = new EpisodeTransform { Power = 0.5 }.CentredOn(torch.tensor(new[,] { { 1.0, 0 }, { 9, 16 } }));
        // Roots (1, 0) and (3, 4): their mean is (2, 2), and not the root of the mean.
        Assert.Equal([2f, 2f], transform.Centre!);
        var (_, query) = transform.Apply(Support, Query);
        Assert.True(Formulas.LargestDifference(query, -2, 1) < 1e-12);
    }

    [Fact]
    public void Should_KeepTheSign_When_ThePowerIsTaken()
    {
        using var scope = torch.NewDisposeScope();
        var negative = torch.tensor(new[, ,] { { { -8.0, 27 } } });
        var (support, _) = new EpisodeTransform { Power = 1.0 / 3 }.Apply(negative, negative);
        Assert.True(Formulas.LargestDifference(support, -2, 3) < 1e-12);
    }

    [Fact]
    public void Should_StayFinite_When_AVectorIsZero()
    {
        using var scope = torch.NewDisposeScope();
        var (support, _) = EpisodeTransform.L2N.Apply(torch.zeros_like(Support), Query);
        Assert.True(support.isfinite().all().item<bool>());
    }

    [Fact]
    public void Should_Refuse_When_TheCentreIsOfOtherFeatures()
    {
        using var scope = torch.NewDisposeScope();
        var transform = EpisodeTransform.CL2N.CentredOn(torch.ones([2, 3]));
        var error = Assert.Throws<FewShotException>(() => transform.Apply(Support, Query));
        Assert.Contains("3 numbers, these have 2", error.Message, StringComparison.Ordinal);
        Assert.Throws<FewShotException>(() => EpisodeTransform.CL2N.CentredOn(torch.ones([3])));
    }
}
