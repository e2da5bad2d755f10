using System.Globalization;
using FewShot.Evaluation;
using FewShot.Runtime;
using MathNet.Numerics.Distributions;

namespace FewShot.Trials;

/// <summary>
/// Two methods on the same episodes: how hard an episode is cancels out of the difference, which so tells smaller differences from chance
/// than two separate intervals can.
/// </summary>
public sealed class PairedTrials
{
    /// <summary>The usual number of resamplings.</summary>
    public const int UsualResamplings = 10_000;

    /// <summary>Compares episode by episode.</summary>
    /// <param name="first">One method.</param>
    /// <param name="second">The other, on the same list.</param>
    /// <param name="confidence">Of both intervals, between 0 and 1.</param>
    /// <param name="resamplings">Of the bootstrap, at least 100.</param>
    /// <param name="seed">Of the bootstrap.</param>
    /// <exception cref="FewShotException">The two were judged on different lists or images, the list has one episode, or a setting is out
    /// of range.</exception>
    public PairedTrials(
        TrialResult first, TrialResult second, double confidence = 0.95, int resamplings = UsualResamplings, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.ListDigest != second.ListDigest || first.DataDigest != second.DataDigest)
        {
            throw new FewShotException(
                $"A paired comparison needs the same episodes: {first.Method} was judged on {first.Accuracy.Count:N0} of {first.Data} "
                + $"(SHA-256 of the list {first.ListDigest[..8]}, of the images {first.DataDigest[..8]}), {second.Method} on "
                + $"{second.Accuracy.Count:N0} of {second.Data} ({second.ListDigest[..8]}, {second.DataDigest[..8]}). "
                + "Judge both with one Evaluator.");
        }

        if (first.Accuracy.Count < 2)
            throw new FewShotException("A paired comparison needs at least two episodes; the list has one.");
        if (resamplings < 100)
            throw new FewShotException($"A bootstrap needs at least 100 resamplings; found {resamplings}.");
        (First, Second, Seed, Confidence) = (first.Method, second.Method, seed, confidence);
        Differences = [.. first.Accuracy.Episodes.Zip(second.Accuracy.Episodes, (a, b) => b - a)];
        Interval = Interval.OfMean(Differences, confidence);
        Bootstrap = Resample(Differences, confidence, resamplings, seed);
        PValue = StudentsT(Differences);
    }

    /// <summary>The name of the first method.</summary>
    public string First { get; }

    /// <summary>The name of the second.</summary>
    public string Second { get; }

    /// <summary>Accuracy of the second minus accuracy of the first, for each episode.</summary>
    public IReadOnlyList<double> Differences { get; }

    /// <summary>Their mean, -1 to 1.</summary>
    public double Mean => Differences.Average();

    /// <summary>Student's t interval of the mean.</summary>
    public Interval Interval { get; }

    /// <summary>
    /// The percentile interval of the mean over episodes drawn again with replacement (Efron 1979, "Bootstrap methods"): it takes no
    /// distribution for granted.
    /// </summary>
    public Interval Bootstrap { get; }

    /// <summary>The seed of the bootstrap.</summary>
    public long Seed { get; }

    /// <summary>Of both intervals.</summary>
    public double Confidence { get; }

    /// <summary>Two-sided p-value of the paired t-test; 1 where no episode differs.</summary>
    public double PValue { get; }

    /// <summary>Whether one of the two is better: 0 lies in neither interval.</summary>
    public bool IsDistinguishable => !Interval.Contains(0) && !Bootstrap.Contains(0);

    /// <summary>
    /// "ridge against nearest centroid: +1.6 points [0.9, 2.3] (bootstrap [0.9, 2.3], seed 0; 600 paired episodes, t-test p = 2e-05)", or
    /// "... not distinguishable: +0.1 points [...] ...".
    /// </summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Second} against {First}: {(IsDistinguishable ? "" : "not distinguishable, ")}{100 * Mean:+0.0;-0.0;0.0} points {Interval} "
        + $"(bootstrap {Bootstrap}, seed {Seed}; {Differences.Count:N0} paired episodes, t-test p = {PValue:0.###e+00})");

    private static double StudentsT(IReadOnlyList<double> differences)
    {
        var mean = differences.Average();
        var error = Math.Sqrt(differences.Sum(value => (value - mean) * (value - mean)) / (differences.Count - 1.0) / differences.Count);
        if (mean == 0)
            return 1;
        return error == 0 ? 0 : 2 * StudentT.CDF(0, 1, differences.Count - 1, -Math.Abs(mean / error));
    }

    private static Interval Resample(IReadOnlyList<double> differences, double confidence, int resamplings, long seed)
    {
        var random = new StableRandom(seed);
        var (values, means) = (differences.ToArray(), new double[resamplings]);
        for (var i = 0; i < means.Length; i++)
        {
            var sum = 0.0;
            for (var drawn = 0; drawn < values.Length; drawn++)
                sum += values[random.Next(values.Length)];
            means[i] = sum / values.Length;
        }

        Array.Sort(means);
        return new Interval(Quantile(means, (1 - confidence) / 2), Quantile(means, (1 + confidence) / 2));
    }

    private static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length
            ? sorted[below] + ((place - below) * (sorted[below + 1] - sorted[below]))
            : sorted[below];
    }
}
