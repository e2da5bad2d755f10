using System.Globalization;
using FewShot.Runtime;
using MathNet.Numerics.Distributions;

namespace FewShot.Evaluation;

/// <summary>
/// Two classifiers on the same images. Images that both get right, or both wrong, say nothing of which is better; counting only
/// the others tells smaller differences from chance than two separate intervals can.
/// </summary>
public sealed class PairedComparison
{
    /// <summary>Compares two classifiers image by image.</summary>
    /// <param name="first">One classifier.</param>
    /// <param name="second">The other, on the same images in the same order.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">The two have other classes, were not measured on the same images, or the confidence is out of
    /// range.</exception>
    public PairedComparison(Predictions first, Predictions second, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        first.Space.RequireSameClasses("The first classifier of a paired comparison", second.Space, "the second");
        if (!first.Labels.SequenceEqual(second.Labels))
        {
            throw new FewShotException(
                "A paired comparison needs the same images in the same order; "
                + $"the labels of the two differ ({first.Count} and {second.Count} images).");
        }

        if (first.Images is not null && second.Images is not null && first.Images != second.Images)
        {
            throw new FewShotException(
                "A paired comparison needs the same images in the same order; those of the two differ (SHA-256 "
                + $"{first.Images[..12]}... and {second.Images[..12]}...), though their labels are equal.");
        }

        (First, Second) = (first.Space, second.Space);
        Count = first.Count;
        for (var i = 0; i < Count; i++)
        {
            bool a = first.Predicted[i] == first.Labels[i], b = second.Predicted[i] == second.Labels[i];
            OnlyFirst += a && !b ? 1 : 0;
            OnlySecond += b && !a ? 1 : 0;
        }

        Interval = AgrestiMin(OnlyFirst, OnlySecond, Count, confidence);
        PValue = McNemar(OnlyFirst, OnlySecond);
    }

    /// <summary>Which classes and features the first predicted from: two classifiers may see the same images in different ways.</summary>
    public LabelledSpace First { get; }

    /// <summary>The same of the second.</summary>
    public LabelledSpace Second { get; }

    /// <summary>Images that both were asked about.</summary>
    public int Count { get; }

    /// <summary>Images that only the first got right.</summary>
    public long OnlyFirst { get; }

    /// <summary>Images that only the second got right.</summary>
    public long OnlySecond { get; }

    /// <summary>Accuracy of the second minus accuracy of the first, -1 to 1.</summary>
    public double Difference => (double)(OnlySecond - OnlyFirst) / Count;

    /// <summary>
    /// The interval of <see cref="Difference"/> (Agresti and Min, Statistics in Medicine 24, 2005: half a count added to each cell).
    /// </summary>
    public Interval Interval { get; }

    /// <summary>
    /// Two-sided p-value of McNemar's exact test (Psychometrika 12, 1947): how easily chance alone gives so uneven a split.
    /// </summary>
    public double PValue { get; }

    /// <summary>"+1.6 points [0.9, 2.3] (10,000 images, McNemar p = 2e-05)".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{100 * Difference:+0.0;-0.0;0.0} points {Interval} ({Count:N0} images, McNemar p = {PValue:0.###e+00})");

    internal static Interval AgrestiMin(long onlyFirst, long onlySecond, long count, double confidence)
    {
        double b = onlyFirst + 0.5, c = onlySecond + 0.5, n = count + 2;
        var difference = (c - b) / n;
        var half = Interval.NormalQuantile(confidence) * Math.Sqrt((b + c) - ((c - b) * (c - b) / n)) / n;
        return new Interval(Math.Max(-1, difference - half), Math.Min(1, difference + half));
    }

    internal static double McNemar(long onlyFirst, long onlySecond)
    {
        var trials = checked((int)(onlyFirst + onlySecond));
        return trials == 0 ? 1 : Math.Min(1, 2 * Binomial.CDF(0.5, trials, Math.Min(onlyFirst, onlySecond)));
    }
}
