using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class NearestCentroidTests
{
    [Fact]
    public void Should_MeasureToTheMean_When_Euclidean()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(new[,] { { 0f, 0 }, { 2, 0 }, { 5, 5 } });
        using var head = NearestCentroid.Fit(features, torch.tensor(new long[] { 0, 0, 1 }), 2);
        // Class means (1, 0) and (5, 5); squared distances from (1, 1): 1 and 32.
        Assert.True(Formulas.LargestDifference(head.Scores(torch.tensor(new[,] { { 1f, 1 } })), -1, -32) < 1e-6);
    }

    [Fact]
    public void Should_IgnoreLength_When_Cosine()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(new[,] { { 1f, 0 }, { 0, 9 } });
        using var head = NearestCentroid.Fit(features, torch.tensor(new long[] { 0, 1 }), 2, new() { Metric = CentroidMetric.Cosine });
        Assert.True(Formulas.LargestDifference(head.Scores(torch.tensor(new[,] { { 3f, 4 } })), 0.6, 0.8) < 1e-6);
    }

    [Fact]
    public void Should_TakeTheTrainingMeanAway_When_CentredAndNormalised()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(new[,] { { 101f, 100 }, { 99, 100 } });
        using var head = NearestCentroid.Fit(
            features, torch.tensor(new long[] { 0, 1 }), 2, new() { Scaling = FeatureScaling.CentreAndNormalise });
        // Centred by (100, 100): the means are (1, 0) and (-1, 0), and (110, 100) becomes (1, 0).
        Assert.True(Formulas.LargestDifference(head.Scores(torch.tensor(new[,] { { 110f, 100 } })), 0, -4) < 1e-6);
    }

    [Theory]
    [InlineData(FeatureScaling.None)]
    [InlineData(FeatureScaling.CentreAndNormalise)]
    public void Should_GiveTheSameProbabilities_When_MadeALinearLayer(FeatureScaling scaling)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(6, torch.CPU);
        var features = torch.randn([9, 4], generator: generator);
        using var head = NearestCentroid.Fit(features, torch.arange(9, torch.int64).remainder(3), 3, new() { Scaling = scaling });
        using var linear = head.ToLinear();
        var query = torch.randn([5, 4], generator: generator);
        Assert.True(head.Scores(query).softmax(1).allclose(linear.Scores(query).softmax(1), 1e-5, 1e-6));
    }

    [Fact]
    public void Should_Refuse_When_ACosineIsToBecomeALinearLayer()
    {
        using var scope = torch.NewDisposeScope();
        using var head = NearestCentroid.Fit(torch.eye(2), torch.arange(2, torch.int64), 2, new() { Metric = CentroidMetric.Cosine });
        Assert.Throws<FewShotException>(() => head.ToLinear());
    }

    [Fact]
    public void Should_UseEveryView_When_ThereAreSeveral()
    {
        using var scope = torch.NewDisposeScope();
        var views = torch.tensor(new[, ,] { { { 0f }, { 10 } }, { { 2 }, { 20 } } });
        using var head = NearestCentroid.Fit(views, torch.tensor(new long[] { 0, 1 }), 2);
        Assert.True(Formulas.LargestDifference(head.Scores(torch.tensor(new[,] { { 1f } })), 0, -196) < 1e-6);
    }

    [Fact]
    public void Should_NotDivideByZero_When_AFeatureIsConstant()
    {
        using var scope = torch.NewDisposeScope();
        var features = torch.tensor(new[,] { { 1f, 7 }, { 2, 7 } });
        using var head = NearestCentroid.Fit(
            features, torch.tensor(new long[] { 0, 1 }), 2, new() { Scaling = FeatureScaling.Standardise });
        Assert.True(head.Scores(features).isfinite().all().item<bool>());
    }

    [Fact]
    public void Should_Refuse_When_FeaturesHaveAnotherLength()
    {
        using var scope = torch.NewDisposeScope();
        using var head = NearestCentroid.Fit(torch.eye(2), torch.tensor(new long[] { 0, 1 }), 2);
        Assert.Throws<FewShotException>(() => head.Scores(torch.zeros(1, 3)));
    }
}
