using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>
/// How well a certainty tells images of known classes from images of classes that the classifier has never seen, and what a threshold on
/// it does: an image below the threshold is refused.
/// </summary>
public sealed class Rejection
{
    private Rejection(IReadOnlyList<double> known, IReadOnlyList<double> unknown, double threshold)
    {
        (Auroc, AurocInterval) = Area(known, unknown);
        Threshold = threshold;
        TrueAcceptance = new Accuracy(known.LongCount(value => value >= threshold), known.Count);
        FalseAcceptance = new Accuracy(unknown.LongCount(value => value >= threshold), unknown.Count);
    }

    /// <summary>
    /// The area under the curve of true against false acceptance: the chance that an image of a known class is surer than one of an
    /// unknown class, ties counted half. 0.5 is guessing.
    /// </summary>
    public double Auroc { get; }

    /// <summary>
    /// Its 95 % interval (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988), cut to 0..1; infinite where a side has one image. It
    /// takes images for independent of each other.
    /// </summary>
    public Interval AurocInterval { get; }

    /// <summary>An answer is accepted from this certainty on.</summary>
    public double Threshold { get; }

    /// <summary>Images of known classes that are accepted.</summary>
    public Accuracy TrueAcceptance { get; }

    /// <summary>Images of unknown classes that are accepted: mistakes, all of them.</summary>
    public Accuracy FalseAcceptance { get; }

    /// <summary>The highest threshold that accepts at least a share of these images of known classes.</summary>
    /// <param name="known">Certainties of held-out images of known classes: no image of an unknown class is needed for it.</param>
    /// <param name="trueAcceptance">The share, above 0 and at most 1.</param>
    /// <exception cref="FewShotException">There is no image, a certainty is not finite, or the share is out of range.</exception>
    public static double ThresholdFor(IReadOnlyList<double> known, double trueAcceptance = 0.95)
    {
        Check(known, "known");
        if (!(trueAcceptance is > 0 and <= 1))
            throw new FewShotException($"A share of images to accept is above 0 and at most 1; found {trueAcceptance}.");
        var sorted = known.OrderDescending().ToArray();
        // Less a hair, so that 0.95 of 20 images are 19 of them although 0.95 is no binary fraction.
        return sorted[Math.Max(1, (int)Math.Ceiling((trueAcceptance * sorted.Length) - 1e-9)) - 1];
    }

    /// <summary>Judges a threshold that was set on other images.</summary>
    /// <param name="known">Certainties of images of known classes.</param>
    /// <param name="unknown">Certainties of images of unknown classes.</param>
    /// <param name="threshold">As <see cref="ThresholdFor"/> gave it.</param>
    /// <exception cref="FewShotException">A side has no image, or a number is not finite.</exception>
    public static Rejection At(IReadOnlyList<double> known, IReadOnlyList<double> unknown, double threshold)
    {
        Check(known, "known");
        Check(unknown, "unknown");
        return double.IsFinite(threshold)
            ? new Rejection(known, unknown, threshold)
            : throw new FewShotException($"A threshold is a finite number; found {threshold}.");
    }

    /// <summary>
    /// Judges the threshold that accepts a stated share of the same images of known classes ("false positive rate at 95 % true positive
    /// rate"): what is known of the unknown classes is not used for it.
    /// </summary>
    /// <inheritdoc cref="At"/>
    /// <param name="known"/><param name="unknown"/>
    /// <param name="trueAcceptance">The share, above 0 and at most 1.</param>
    public static Rejection AtTrueAcceptance(IReadOnlyList<double> known, IReadOnlyList<double> unknown, double trueAcceptance = 0.95) =>
        At(known, unknown, ThresholdFor(known, trueAcceptance));

    /// <summary>"AUROC 0.912 [0.905, 0.919]; of known images 95.0 % [...] accepted, of unknown ones 31.2 % [...]".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"AUROC {Auroc:0.000} [{AurocInterval.Low:0.000}, {AurocInterval.High:0.000}]; accepted: {TrueAcceptance} of known classes, "
        + $"{FalseAcceptance} of unknown ones");

    private static (double Area, Interval Interval) Area(IReadOnlyList<double> known, IReadOnlyList<double> unknown)
    {
        var (ofKnown, ofUnknown) = (Placements(known, unknown), Placements(unknown, known));
        var area = ofKnown.Average();
        if (known.Count == 1 || unknown.Count == 1)
            return (area, new Interval(double.NegativeInfinity, double.PositiveInfinity));
        var half = Interval.NormalQuantile(0.95) * Math.Sqrt((Variance(ofKnown) / known.Count) + (Variance(ofUnknown) / unknown.Count));
        return (area, new Interval(Math.Max(0, area - half), Math.Min(1, area + half)));
    }

    /// <summary>For each value the share of the others that lie below it, ties counted half.</summary>
    private static double[] Placements(IReadOnlyList<double> values, IReadOnlyList<double> others)
    {
        var sorted = others.Order().ToArray();
        return
        [
            .. values.Select(value =>
                (First(sorted, value, orAbove: true) + First(sorted, value, orAbove: false)) / (2.0 * sorted.Length)),
        ];
    }

    /// <summary>Position of the first sorted value that is at or above, or else above, a given one.</summary>
    private static int First(double[] sorted, double value, bool orAbove)
    {
        var (low, high) = (0, sorted.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (sorted[middle] < value || (!orAbove && sorted[middle] == value))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static double Variance(double[] values)
    {
        var mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static void Check(IReadOnlyList<double> certainties, string name)
    {
        ArgumentNullException.ThrowIfNull(certainties);
        if (certainties.Count == 0 || !certainties.All(double.IsFinite))
        {
            throw new FewShotException(
                $"Rejection needs at least one image of {name} classes, and finite certainties; found {certainties.Count} images, "
                + $"{certainties.Count(value => !double.IsFinite(value))} of them with a certainty that is not finite.");
        }
    }
}
