using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Evaluation;

public class IntervalTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3.
    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)]
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0.0000, 0.1611)]
    [InlineData(1, 29, 0.0061, 0.1718)]
    public void Should_GivePublishedLimits_When_ProportionIsNewcombes(long correct, long total, double low, double high)
    {
        var interval = Interval.Wilson(correct, total);
        Assert.Equal(low, interval.Low, 0.00005);
        Assert.Equal(high, interval.High, 0.00005);
    }

    [Fact]
    public void Should_EndAtOne_When_AllAreCorrect() => Assert.Equal(1, Interval.Wilson(7, 7).High);

    [Theory]
    [InlineData(-1, 5)]
    [InlineData(6, 5)]
    [InlineData(0, 0)]
    public void Should_Refuse_When_CountsAreImpossible(long correct, long total) =>
        Assert.Throws<FewShotException>(() => Interval.Wilson(correct, total));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(double.NaN)]
    public void Should_Refuse_When_ConfidenceIsOutOfRange(double confidence) =>
        Assert.Throws<FewShotException>(() => Interval.Wilson(1, 2, confidence));

    // Published quantiles of Student's t, two-sided 95 %: 12.706 (1 degree of freedom), 2.776 (4), 2.262 (9).
    [Theory]
    [InlineData(2, 12.706)]
    [InlineData(5, 2.776)]
    [InlineData(10, 2.262)]
    public void Should_UseStudentsQuantile_When_ValuesAreFew(int count, double quantile)
    {
        var values = Enumerable.Range(0, count).Select(i => (double)i).ToArray();
        var mean = values.Average();
        var error = Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (count - 1) / count);
        var interval = Interval.OfMean(values);
        Assert.Equal(quantile, interval.HalfWidth / error, 0.0005);
        Assert.Equal(mean, (interval.Low + interval.High) / 2, 1e-12);
    }

    [Fact]
    public void Should_KnowNothing_When_ThereIsOneValue() => Assert.Equal(double.PositiveInfinity, Interval.OfMean([0.5]).High);

    [Fact]
    public void Should_Refuse_When_AValueIsNotANumber() => Assert.Throws<FewShotException>(() => Interval.OfMean([0.5, double.NaN]));
}
