using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Evaluation;

public class EpisodeAccuracyTests
{
    // Student's t with 3 degrees of freedom, 97.5 %: 3.182446; standard deviation of 0.7, 0.8, 0.9, 0.8: 0.0816497.
    [Fact]
    public void Should_GiveTheIntervalOverEpisodes_When_Summarised()
    {
        var accuracy = new EpisodeAccuracy([0.7, 0.8, 0.9, 0.8], seed: 7);
        Assert.Equal(0.8, accuracy.Mean, 12);
        Assert.Equal(3.182446 * 0.0816497 / 2, accuracy.Interval.HalfWidth, 5);
        Assert.Equal("80.0 % [67.0, 93.0] (4 episodes, seed 7)", accuracy.ToString());
    }

    [Fact]
    public void Should_StayAnAccuracy_When_TheIntervalReachesTheEnds()
    {
        Assert.Equal(1, new EpisodeAccuracy([0.8, 0.9, 1.0, 0.9], seed: 7).Interval.High);
        Assert.Equal(0, new EpisodeAccuracy([0.0, 0.0, 0.5], seed: 7).Interval.Low);
    }

    [Theory]
    [InlineData(1.01)]
    [InlineData(-0.01)]
    [InlineData(double.NaN)]
    public void Should_Refuse_When_AnAccuracyIsOutside(double value) =>
        Assert.Throws<FewShotException>(() => new EpisodeAccuracy([0.5, value], seed: 0));

    // Wilson's upper end for 0 of 600 is z^2 / (600 + z^2).
    [Theory]
    [InlineData(1, 0.993638, 1)]
    [InlineData(0, 0, 0.006362)]
    public void Should_HaveAWidth_When_AllEpisodesAreAlike(double accuracy, double low, double high)
    {
        var interval = new EpisodeAccuracy([.. Enumerable.Repeat(accuracy, 600)], seed: 0).Interval;
        Assert.Equal(low, interval.Low, 6);
        Assert.Equal(high, interval.High, 6);
    }

    [Fact]
    public void Should_SayWhichInterval_When_AllEpisodesAreAlike() => Assert.Equal(
        "100.0 % [99.4, 100.0] (600 episodes, seed 0, Wilson's interval, all episodes being alike)",
        new EpisodeAccuracy([.. Enumerable.Repeat(1.0, 600)], seed: 0).ToString());

    [Fact]
    public void Should_Refuse_When_ThereIsNothing() => Assert.Throws<FewShotException>(() => new EpisodeAccuracy([], seed: 0));
}
