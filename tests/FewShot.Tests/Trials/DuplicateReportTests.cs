using FewShot.Data;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Trials;
using TorchSharp;

namespace FewShot.Tests.Trials;

public sealed class DuplicateReportTests : IDisposable
{
    private readonly ImageSet test = Noise("test");
    private readonly ImageSet train = Noise("train");

    public void Dispose()
    {
        test.Dispose();
        train.Dispose();
    }

    [Fact]
    public void Should_FindEqualImages_When_TheyAreInBothSets()
    {
        using var planted = Planted(image => image, 2, 11);
        var report = DuplicateReport.Between(planted, train);
        Assert.Equal([2L, 11], report.Equal);
        Assert.Equal(18, report.Remaining.Count);
        Assert.DoesNotContain(2L, report.Remaining);
    }

    [Fact]
    public void Should_FindThemByCorrelation_When_TheyAreMirroredAndBrighter()
    {
        using var planted = Planted(image => (image.flip(3).to(torch.float32) * 0.8 + 30).to(torch.uint8), 5);
        var report = DuplicateReport.Between(planted, train);
        Assert.Empty(report.Equal);
        Assert.Equal([5L], report.Correlated!);
    }

    [Fact]
    public void Should_FindThemByFeatures_When_PixelsNoLongerCorrelate()
    {
        // Shuffled rows keep the mean of every channel, and nothing else.
        using var planted = Planted(image => image.index_select(2, torch.tensor(new long[] { 3, 1, 7, 0, 6, 2, 5, 4 })), 7);
        using var testFeatures = TrialMaterial.Features(planted);
        using var trainFeatures = TrialMaterial.Features(train);
        var report = DuplicateReport.Between(planted, train, testFeatures, trainFeatures, cosine: 1);
        Assert.Empty(report.Equal);
        Assert.Empty(report.Correlated!);
        Assert.Equal([7L], report.AlikeInFeatures!);
        Assert.Equal([7L], report.Positions);
    }

    [Fact]
    public void Should_KeepTheFirst_When_ASetHoldsAnImageTwice()
    {
        using var twice = test.Select([0, 1, 2, 1, 0, 0]);
        var report = DuplicateReport.Within(twice);
        Assert.Equal([3L, 4, 5], report.Equal);
        Assert.Equal([0L, 1, 2], report.Remaining);
        Assert.Equal(
            "test against itself: of 6 images 3 alike in every pixel, correlation not compared, features not compared; 3 in all",
            report.ToString());
    }

    [Fact]
    public void Should_Refuse_When_FeaturesAreOfOtherImages()
    {
        using var features = TrialMaterial.Features(test);
        using var few = features.Select([0, 1]);
        Assert.Throws<FewShotException>(() => DuplicateReport.Between(test, train, few, features, 0.9));
        Assert.Throws<FewShotException>(() => DuplicateReport.Between(test, train, features, features, 1.1));
    }

    private static ImageSet Noise(string name) =>
        new(name, Formula.Pixels(name, 20, 3, 8, 8), torch.arange(20, torch.int64).remainder(4), ["a", "b", "c", "d"]);

    /// <summary>The test set with changed training images in some places.</summary>
    private ImageSet Planted(Func<torch.Tensor, torch.Tensor> change, params long[] places)
    {
        using var scope = torch.NewDisposeScope();
        var images = test.Images.clone();
        foreach (var place in places)
            _ = images.narrow(0, place, 1).copy_(change(train.Images.narrow(0, place, 1)));
        return new ImageSet("test", images.MoveToOuterDisposeScope(), test.Labels.clone(), test.ClassNames);
    }
}
