using FewShot.Runtime;

namespace FewShot.Tests.Runtime;

public sealed class RealNumbersTests
{
    [Fact]
    public void Should_HaveMean0AndDeviation1_When_NormalNumbersAreDrawn()
    {
        var (mean, deviation) = MeanAndDeviation(random => random.NearlyNormal());

        Assert.Equal(0, mean, 0.02);
        Assert.Equal(1, deviation, 0.02);
    }

    [Fact]
    public void Should_FillTheRangeEvenly_When_UniformNumbersAreDrawn()
    {
        var (mean, deviation) = MeanAndDeviation(random => random.Uniform(2, 6));

        Assert.Equal(4, mean, 0.02);
        Assert.Equal(4 / Math.Sqrt(12), deviation, 0.02);
    }

    private static (double Mean, double Deviation) MeanAndDeviation(Func<StableRandom, double> draw)
    {
        var random = new StableRandom(7);
        var values = Enumerable.Range(0, 100_000).Select(_ => draw(random)).ToList();
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(value => (value - mean) * (value - mean))));
    }
}
