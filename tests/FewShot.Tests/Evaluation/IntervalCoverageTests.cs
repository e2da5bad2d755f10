using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Evaluation;

/// <summary>
/// Episodes differ in how hard they are, and the queries of one share that: the chance of a right answer is drawn anew for each episode,
/// from the Beta(8, 4) distribution, whose mean is known.
/// </summary>
public class IntervalCoverageTests
{
    private const int Repetitions = 6000, Episodes = 100, Queries = 15;
    private const double Truth = 8.0 / 12;

    [Fact]
    public void Should_CoverTheTruthNineteenTimesInTwenty_When_TheIntervalIsOverEpisodes() =>
        Assert.InRange(Coverage(accuracies => new EpisodeAccuracy(accuracies, seed: 0).Interval), 0.94, 0.96);

    // The fault that the interval over episodes is there for: single answers are not independent, so theirs is too narrow.
    [Fact]
    public void Should_MissTheTruthFarTooOften_When_TheIntervalIsOverSingleAnswers() => Assert.InRange(
        Coverage(accuracies => new Accuracy((long)Math.Round(accuracies.Sum() * Queries), Episodes * Queries).Interval), 0.5, 0.85);

    private static double Coverage(Func<double[], Interval> interval)
    {
        var covered = 0;
        for (var repetition = 0; repetition < Repetitions; repetition++)
        {
            var random = new StableRandom(20261126, repetition);
            covered += interval([.. Enumerable.Range(0, Episodes).Select(_ => OneEpisode(random))]).Contains(Truth) ? 1 : 0;
        }

        return (double)covered / Repetitions;
    }

    /// <summary>The eighth smallest of eleven uniform numbers follows Beta(8, 4).</summary>
    private static double OneEpisode(StableRandom random)
    {
        Span<double> numbers = stackalloc double[11];
        foreach (ref var number in numbers)
            number = random.Uniform(0, 1);
        numbers.Sort();
        var right = 0;
        for (var query = 0; query < Queries; query++)
            right += random.Uniform(0, 1) < numbers[7] ? 1 : 0;
        return (double)right / Queries;
    }
}
