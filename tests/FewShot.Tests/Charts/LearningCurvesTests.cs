using FewShot.Charts;
using FewShot.Runtime;

namespace FewShot.Tests.Charts;

public class LearningCurvesTests
{
    [Fact]
    public void Should_Count_Epochs_From_One_When_Losses_Are_Drawn()
    {
        var traces = Figure.Traces(LearningCurves.Loss([2.5, 1.25], [2.75, 1.5]));
        Assert.Equal(["training", "validation"], traces.Select(trace => Figure.Text(trace, "name")));
        Assert.Equal([1, 2], Figure.Numbers(traces[0].GetProperty("x")));
        Assert.Equal([2.5, 1.25], Figure.Numbers(traces[0].GetProperty("y")));
        Assert.Equal([2.75, 1.5], Figure.Numbers(traces[1].GetProperty("y")));
    }

    [Fact]
    public void Should_Draw_Percent_When_Accuracies_Are_Shares()
    {
        var chart = LearningCurves.Accuracy([0.25, 0.5]);
        Assert.Equal([25, 50], Figure.Numbers(Assert.Single(Figure.Traces(chart)).GetProperty("y")));
        Assert.Equal(" %", Figure.Text(Figure.Layout(chart), "yaxis", "ticksuffix"));
        Assert.Equal("%{y:.1f} %", Figure.Text(Figure.Traces(chart)[0], "hovertemplate"));
    }

    [Fact]
    public void Should_Mark_The_Kept_Epoch_When_One_Is_Given()
    {
        var layout = Figure.Layout(LearningCurves.Loss([3, 2, 1], chosenEpoch: 2));
        Assert.Equal(2, layout.GetProperty("shapes")[0].GetProperty("x0").GetDouble());
        Assert.Equal("kept: epoch 2", Figure.Text(layout.GetProperty("annotations")[0], "text"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4)]
    public void Should_Say_Which_Epochs_There_Are_When_The_Kept_One_Is_Not_Among_Them(int epoch)
        => Assert.Contains(
            "epochs 1 to 3",
            Assert.Throws<FewShotException>(() => LearningCurves.Loss([3, 2, 1], chosenEpoch: epoch)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Should_Refuse_When_There_Is_No_Epoch()
        => Assert.Contains("no epoch", Assert.Throws<FewShotException>(() => LearningCurves.Loss([])).Message, StringComparison.Ordinal);
}
