using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>Two recipes on the same draws: the mean difference per draw, which the luck of the draw leaves alone.</summary>
public sealed class PairedDraws
{
    /// <summary>Compares draw by draw.</summary>
    /// <param name="first">One recipe.</param>
    /// <param name="second">The other, on the same draws in the same order.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">The two differ in their number of draws or images, or the confidence is out of range.</exception>
    public PairedDraws(DrawSummary first, DrawSummary second, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (first.Count != second.Count || first.ImageCount != second.ImageCount)
        {
            throw new FewShotException(
                $"A paired comparison needs the same draws: found {first.Count} on {first.ImageCount} images "
                + $"and {second.Count} on {second.ImageCount}.");
        }

        Differences = [.. first.Draws.Zip(second.Draws, (a, b) => b.Value - a.Value)];
        Interval = Interval.OfMean(Differences, confidence);
    }

    /// <summary>Accuracy of the second minus accuracy of the first, per draw.</summary>
    public IReadOnlyList<double> Differences { get; }

    /// <summary>Student's t interval of the mean difference.</summary>
    public Interval Interval { get; }

    /// <summary>The mean difference, -1 to 1.</summary>
    public double Mean => Differences.Average();

    /// <summary>"+1.6 points [0.9, 2.3] (mean of 5 paired draws)".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{100 * Mean:+0.0;-0.0;0.0} points {Interval} (mean of {Differences.Count} paired draws)");
}
