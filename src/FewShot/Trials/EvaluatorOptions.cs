using FewShot.Runtime;

namespace FewShot.Trials;

/// <summary>Settings of <see cref="Evaluator"/>.</summary>
public sealed record EvaluatorOptions
{
    /// <summary>Episodes that a method is given at once, at least 1. No score depends on it.</summary>
    public int EpisodesAtOnce { get; init; } = 100;

    /// <summary>
    /// Queries whose scores are kept, at least 0: those of the first episodes, for calibration, rejection and prediction sets.
    /// </summary>
    public int KeptQueries { get; init; } = 100_000;

    /// <summary>Of intervals, between 0 and 1.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>How much the checks against leaks look at.</summary>
    public LeakageOptions Leakage { get; init; } = new();

    internal void Check()
    {
        if (EpisodesAtOnce < 1 || KeptQueries < 0)
        {
            throw new FewShotException(
                "An evaluator computes at least 1 episode at once and keeps at least 0 queries; "
                + $"found {EpisodesAtOnce} and {KeptQueries}.");
        }

        Leakage.Check();
    }
}
