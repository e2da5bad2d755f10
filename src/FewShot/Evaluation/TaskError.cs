using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>
/// The error over regression tasks: the mean, the median, and how many tasks diverged. A few diverged tasks can make the mean as large
/// as they like, so it never stands alone.
/// </summary>
/// <param name="Mean">The mean error of all tasks, the diverged ones included; infinite where one is not finite.</param>
/// <param name="Interval">Student's t interval of the mean: it covers which tasks were drawn, and nothing else. Infinite for a single
/// task and for an infinite mean.</param>
/// <param name="Median">Half of the tasks have an error of at most this.</param>
/// <param name="Diverged">How many tasks diverged.</param>
/// <param name="Count">Number of tasks.</param>
/// <param name="Seed">The seed that the tasks were drawn with.</param>
public sealed record TaskError(double Mean, Interval Interval, double Median, int Diverged, int Count, long Seed)
{
    /// <summary>The mean with its interval, to three places: "0.532 [0.488, 0.576]"; "infinite" where it is.</summary>
    public string MeanText => double.IsFinite(Mean) ? $"{Number(Mean)} [{Number(Interval.Low)}, {Number(Interval.High)}]" : Number(Mean);

    /// <summary>The median, to three places.</summary>
    public string MedianText => Number(Median);

    /// <summary>Summarises the errors of tasks.</summary>
    /// <param name="tasks">The error of each (a mean squared error, say), at least one; one that is not a number counts as
    /// infinite.</param>
    /// <param name="seed">The seed that the tasks were drawn with.</param>
    /// <param name="divergedAbove">A task has diverged where its error is above this; the largest number there is where only infinite
    /// errors count.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">There is no task, or the confidence is out of range.</exception>
    public static TaskError Of(IReadOnlyList<double> tasks, long seed, double divergedAbove = double.MaxValue, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(tasks);
        if (tasks.Count == 0)
            throw new FewShotException("An error over tasks needs at least one task.");
        var sorted = tasks.Select(error => double.IsFinite(error) ? error : double.PositiveInfinity).Order().ToArray();
        var isFinite = double.IsFinite(sorted[^1]);
        return new TaskError(
            isFinite ? tasks.Average() : double.PositiveInfinity,
            isFinite ? Interval.OfMean(tasks, confidence) : new Interval(double.NegativeInfinity, double.PositiveInfinity),
            (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2,
            sorted.Count(error => error > divergedAbove),
            tasks.Count,
            seed);
    }

    /// <summary>"0.532 [0.488, 0.576], median 0.311 (600 tasks, 2 diverged, seed 0)".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{MeanText}, median {MedianText} ({Count:N0} {(Count == 1 ? "task" : "tasks")}, {Diverged:N0} diverged, seed {Seed})");

    // What has exploded is told by its size: places after the point would only make it harder to read.
    private static string Number(double value) => double.IsFinite(value)
        ? value.ToString(Math.Abs(value) switch { < 1000 => "0.000", < 1e9 => "N0", _ => "0.0e+0" }, CultureInfo.InvariantCulture)
        : "infinite";
}
