using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>
/// How weights came to be, without a gap: every training from random weights on, in order, each from the weights that the one before it
/// kept.
/// </summary>
/// <param name="Parts">At least one.</param>
public sealed record TrainingAccount(IReadOnlyList<TrainingPart> Parts)
{
    private const string Iterations = "iterations", Kept = "chosen iteration", Episodes = "episodes of a meta-step", Seconds = "seconds";

    /// <summary>Meta-steps that the kept weights went through.</summary>
    public long Seen => Parts.Sum(part => part.Kept);

    /// <summary>Meta-steps that were run, those that validation did not keep included.</summary>
    public long Run => Parts.Sum(part => part.Iterations);

    /// <summary>Episodes that were run through.</summary>
    public long EpisodesRun => Parts.Sum(part => part.Iterations * part.Episodes);

    /// <summary>Hours of all parts together.</summary>
    public double Hours => Parts.Sum(part => part.Seconds) / 3600;

    /// <summary>The account that a record holds.</summary>
    /// <exception cref="FewShotException">The record holds no account of a training.</exception>
    public static TrainingAccount Of(RunRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        var parts = new List<TrainingPart>();
        for (var number = 1; record.Results.ContainsKey(Key(number, Iterations)); number++)
        {
            parts.Add(new(
                (long)Value(number, Iterations), (long)Value(number, Kept), (int)Value(number, Episodes), Value(number, Seconds)));
        }

        return parts.Count > 0
            ? new(parts)
            : throw new FewShotException($"The record '{record.Name}' does not say how its weights were trained.");

        double Value(int number, string figure) => record.Results.TryGetValue(Key(number, figure), out var value)
            ? value
            : throw new FewShotException($"The record '{record.Name}' lacks '{Key(number, figure)}'.");
    }

    /// <summary>Writes it among the results of a record.</summary>
    public void AddTo(IDictionary<string, double> results)
    {
        ArgumentNullException.ThrowIfNull(results);
        foreach (var (index, part) in Parts.Index())
        {
            results[Key(index + 1, Iterations)] = part.Iterations;
            results[Key(index + 1, Kept)] = part.Kept;
            results[Key(index + 1, Episodes)] = part.Episodes;
            results[Key(index + 1, Seconds)] = part.Seconds;
        }
    }

    /// <summary>
    /// The account in one sentence: "3,000 meta-steps of 16 episodes from random weights, of which validation kept the 2,700th", or for
    /// several parts what each ran and kept, and the sums.
    /// </summary>
    public override string ToString()
    {
        var first = Parts[0];
        if (Parts.Count == 1)
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"{first.Iterations:N0} meta-steps of {first.Episodes} episodes from random weights; "
                + $"validation kept the weights after {Whole(first)}");
        }

        var parts = Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Iterations:N0} run and {part.Kept:N0} kept"));
        var episodes = string.Join(" and ", Parts.Select(part => part.Episodes).Distinct());
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Parts.Count} trainings in a row from random weights, each from the weights that validation kept of the one before: "
            + $"{string.Join(", then ", parts)}; so the weights saw {Seen:N0} meta-steps of {episodes} episodes, "
            + $"and {Run:N0} were run");
    }

    private static string Whole(TrainingPart part) =>
        part.Kept == part.Iterations ? "the last" : string.Create(CultureInfo.InvariantCulture, $"{part.Kept:N0}");

    private static string Key(int part, string figure) => string.Create(CultureInfo.InvariantCulture, $"part {part}, {figure}");
}
