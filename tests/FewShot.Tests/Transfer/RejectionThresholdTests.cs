using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Tests.Transfer;

public class RejectionThresholdTests
{
    [Theory]
    [InlineData(4, 1, 0.8)]
    [InlineData(19, 1, 0.95)]
    [InlineData(99, 5, 0.95)]
    public void Should_TakeTheRightPlace_When_ThereAreSoManyScores(int count, int place, double acceptance)
    {
        float[] scores = [.. Enumerable.Range(1, count).Select(i => (float)i)];
        scores.AsSpan().Reverse();
        var threshold = RejectionThreshold.Of(scores, 0.95);
        Assert.Equal(place, threshold.Score);
        Assert.Equal(acceptance, threshold.Acceptance, 1e-9);
    }

    [Fact]
    public void Should_AcceptWhatItPromises_When_NewScoresComeFromTheSamePlace()
    {
        var random = new StableRandom(3);
        var (accepted, promised, trials) = (0, 0.0, 20_000);
        for (var trial = 0; trial < trials; trial++)
        {
            var threshold = RejectionThreshold.Of([.. Enumerable.Range(0, 30).Select(_ => (float)random.NearlyNormal())], 0.9);
            accepted += random.NearlyNormal() >= threshold.Score ? 1 : 0;
            promised = threshold.Acceptance;
        }

        // Three standard errors of a share of 20,000.
        Assert.Equal(promised, (double)accepted / trials, 0.0065);
    }
}
