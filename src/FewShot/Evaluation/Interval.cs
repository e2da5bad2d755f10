using System.Globalization;
using FewShot.Runtime;
using MathNet.Numerics.Distributions;

namespace FewShot.Evaluation;

/// <summary>A confidence interval.</summary>
/// <param name="Low">Its lower end.</param>
/// <param name="High">Its upper end.</param>
public readonly record struct Interval(double Low, double High)
{
    /// <summary>Half its width: the number after "+-".</summary>
    public double HalfWidth => (High - Low) / 2;

    /// <summary>Whether the value lies in it, ends included.</summary>
    public bool Contains(double value) => value >= Low && value <= High;

    /// <summary>
    /// The score interval of a proportion (Wilson, Journal of the American Statistical Association 22, 1927). It stays inside
    /// 0..1 and keeps its coverage where the usual "plus or minus" does not: few images, or an accuracy near 0 or 1.
    /// </summary>
    /// <param name="correct">Successes, 0 to <paramref name="total"/>.</param>
    /// <param name="total">Trials, at least 1.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="FewShotException">A count or the confidence is out of range.</exception>
    public static Interval Wilson(long correct, long total, double confidence = 0.95)
    {
        if (total < 1 || correct < 0 || correct > total)
            throw new FewShotException($"A proportion needs 0 <= correct <= total and total >= 1; found {correct} of {total}.");
        var z = NormalQuantile(confidence);
        double n = total, p = correct / n, z2 = z * z;
        var centre = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        var half = z / (1 + (z2 / n)) * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n)));
        // At 0 and at n the end is exact; rounding must not carry it outside.
        return new Interval(correct == 0 ? 0 : Math.Max(0, centre - half), correct == total ? 1 : Math.Min(1, centre + half));
    }

    /// <summary>Student's t interval of the mean of a few independent values (accuracies of several draws).</summary>
    /// <param name="values">At least one; of a single value nothing is known about the spread, and the interval is infinite.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="FewShotException">There is no value, one is not a number, or the confidence is out of range.</exception>
    public static Interval OfMean(IReadOnlyList<double> values, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(values);
        CheckConfidence(confidence);
        if (values.Count == 0 || !values.All(double.IsFinite))
        {
            throw new FewShotException(
                $"A mean needs at least one finite value; found {values.Count} values, "
                + $"{values.Count(value => !double.IsFinite(value))} of them not finite.");
        }

        if (values.Count == 1)
            return new Interval(double.NegativeInfinity, double.PositiveInfinity);
        var mean = values.Average();
        var variance = values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1);
        var half = StudentT.InvCDF(0, 1, values.Count - 1, (1 + confidence) / 2) * Math.Sqrt(variance / values.Count);
        return new Interval(mean - half, mean + half);
    }

    /// <summary>
    /// The interval of the mean accuracy over episodes: Student's t, cut to 0..1. Where all episodes have the same accuracy the spread
    /// says nothing, and it is Wilson's of as many single answers as there are episodes: 600 perfect episodes give [99.4, 100.0].
    /// </summary>
    /// <param name="episodes">The accuracy of each, 0 to 1; at least one, and of a single one the interval is infinite.</param>
    /// <param name="confidence">Between 0 and 1.</param>
    /// <exception cref="FewShotException">There is no episode, an accuracy is not a number, or the confidence is out of range.</exception>
    public static Interval OfEpisodes(IReadOnlyList<double> episodes, double confidence = 0.95)
    {
        var interval = OfMean(episodes, confidence);
        if (episodes.Count == 1)
            return interval;
        return AreAlike(episodes)
            ? Wilson((long)Math.Round(episodes[0] * episodes.Count), episodes.Count, confidence)
            : new Interval(Math.Max(0, interval.Low), Math.Min(1, interval.High));
    }

    /// <summary>Whether <see cref="OfEpisodes"/> gives Wilson's interval, since all of several episodes have the same accuracy.</summary>
    internal static bool AreAlike(IReadOnlyList<double> episodes) => episodes.Count > 1 && episodes.All(value => value == episodes[0]);

    /// <summary>Which interval <see cref="OfEpisodes"/> gives.</summary>
    internal static string OfEpisodesName(IReadOnlyList<double> episodes) =>
        AreAlike(episodes) ? "Wilson's interval, all episodes being alike" : "Student's t over episodes";

    /// <summary>In percent: "[75.8, 77.5]".</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{100 * Low:0.0}, {100 * High:0.0}]");

    /// <summary>The two-sided quantile of the normal distribution: 1.96 for 0.95.</summary>
    internal static double NormalQuantile(double confidence)
    {
        CheckConfidence(confidence);
        return Normal.InvCDF(0, 1, (1 + confidence) / 2);
    }

    private static void CheckConfidence(double confidence)
    {
        if (!(confidence > 0 && confidence < 1))
        {
            throw new FewShotException(string.Create(
                CultureInfo.InvariantCulture, $"A confidence lies between 0 and 1; found {confidence}."));
        }
    }
}
