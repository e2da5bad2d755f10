using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>
/// The same recipe on several draws of the training images: with few labels the draw moves the accuracy more than the number of
/// test images does, and one draw alone says little.
/// </summary>
public sealed class DrawSummary
{
    /// <summary>Summarises one accuracy per draw.</summary>
    /// <param name="draws">At least one, all on the same number of images.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">There is no draw, they differ in their number of images, or the confidence is out of
    /// range.</exception>
    public DrawSummary(IReadOnlyList<Accuracy> draws, double confidence = 0.95)
    {
        ArgumentNullException.ThrowIfNull(draws);
        if (draws.Count == 0)
            throw new FewShotException("A summary needs at least one draw.");
        if (draws.Any(draw => draw.Count != draws[0].Count))
        {
            throw new FewShotException(
                "The draws are measured on different numbers of images: "
                + $"{string.Join(", ", draws.Select(draw => draw.Count).Distinct())}.");
        }

        Draws = draws;
        Interval = Interval.OfMean([.. draws.Select(draw => draw.Value)], confidence);
    }

    /// <summary>The accuracy of each draw.</summary>
    public IReadOnlyList<Accuracy> Draws { get; }

    /// <summary>Student's t interval of the mean over draws; infinite for a single draw.</summary>
    public Interval Interval { get; }

    /// <summary>
    /// The interval for other draws and other test images: <see cref="Interval"/> covers only the draw, since all draws are judged on
    /// the same images. The variances of both add up: the half-width is the root of the sum of the squares of the two half-widths.
    /// </summary>
    public Interval IntervalWithTestImages
    {
        get
        {
            var ofImages = Interval.Wilson((long)Math.Round(Mean * ImageCount), ImageCount);
            double Both(double draws, double images) => Math.Sqrt((draws * draws) + (images * images));
            return new Interval(
                Mean - Both(Mean - Interval.Low, Mean - ofImages.Low), Mean + Both(Interval.High - Mean, ofImages.High - Mean));
        }
    }

    /// <summary>Number of draws.</summary>
    public int Count => Draws.Count;

    /// <summary>Test images per draw.</summary>
    public long ImageCount => Draws[0].Count;

    /// <summary>The mean accuracy, 0 to 1.</summary>
    public double Mean => Draws.Average(draw => draw.Value);

    /// <summary>The lowest accuracy.</summary>
    public double Min => Draws.Min(draw => draw.Value);

    /// <summary>The highest accuracy.</summary>
    public double Max => Draws.Max(draw => draw.Value);

    /// <summary>"83.1 % [82.4, 83.8] (mean of 5 draws from 82.3 to 83.9, 10,000 images each)".</summary>
    public override string ToString() => Count == 1
        ? $"{Draws[0]}, one draw"
        : string.Create(
            CultureInfo.InvariantCulture,
            $"{100 * Mean:0.0} % {Interval} (mean of {Count} draws from {100 * Min:0.0} to {100 * Max:0.0}, "
            + $"{ImageCount:N0} {Draws[0].Example}s each)");
}
