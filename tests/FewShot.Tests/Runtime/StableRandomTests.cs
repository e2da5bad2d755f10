using FewShot.Runtime;

namespace FewShot.Tests.Runtime;

public class StableRandomTests
{
    [Fact]
    public void Should_GiveSplitMix64_When_Seeded()
    {
        // The values every implementation of SplitMix64 gives for this seed (Golden/stable_random.py).
        var random = new StableRandom(1234567);
        var bits = Enumerable.Range(0, 5).Select(_ => random.NextBits());
        Assert.Equal([6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821], bits);
    }

    [Fact]
    public void Should_GiveTheStoredNumbers_When_AStreamIsNamed()
    {
        var random = new StableRandom(42, 3);
        Assert.Equal([68, 45, 96, 38, 58, 50, 50, 99], Enumerable.Range(0, 8).Select(_ => random.Next(100)));
    }

    [Fact]
    public void Should_DrawEachItemEquallyOften_When_DrawnManyTimes()
    {
        var random = new StableRandom(1);
        var counts = new int[5];
        for (var i = 0; i < 10_000; i++)
        {
            int[] items = [0, 1, 2, 3, 4];
            random.Draw<int>(items, 2);
            Assert.NotEqual(items[0], items[1]);
            counts[items[0]]++;
            counts[items[1]]++;
        }

        // 4,000 are expected with a standard deviation of 49; the bounds lie five standard deviations away.
        Assert.All(counts, count => Assert.InRange(count, 3_755, 4_245));
    }

    [Fact]
    public void Should_Refuse_When_MoreIsDrawnThanThereIs() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StableRandom(1).Draw<int>(new int[3], 4));

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
