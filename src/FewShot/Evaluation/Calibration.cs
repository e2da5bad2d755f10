using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>
/// Whether a classifier is right as often as it says (Guo et al. 2017, "On calibration of modern neural networks", section 2): of the
/// answers that it gives with a confidence of 70 %, 70 % should be right.
/// </summary>
/// <remarks>
/// The expected calibration error is the mean distance between confidence and accuracy over bins of answers. It is above 0 even for a
/// perfect classifier, the more so the fewer answers a bin has, so it says nothing without their number. Bins of equal width leave nearly
/// empty bins where a classifier is always sure; bins of equally many answers do not (Nixon et al. 2019, "Measuring calibration in deep
/// learning"), so both are given.
/// </remarks>
public sealed class Calibration
{
    /// <summary>The number of bins that Guo et al. use.</summary>
    public const int UsualBins = 15;

    /// <summary>Sorts answers by their confidence.</summary>
    /// <param name="predictions">The answers.</param>
    /// <param name="bins">Number of bins, at least 1 and at most the number of answers.</param>
    /// <exception cref="FewShotException">The number of bins is out of range.</exception>
    public Calibration(Predictions predictions, int bins = UsualBins)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (bins < 1 || bins > predictions.Count)
        {
            throw new FewShotException(
                $"A calibration of {predictions.Count} answers has at least 1 bin and at most as many as there are answers; found {bins}.");
        }

        Count = predictions.Count;
        Loss = predictions.Loss;
        (double Confidence, bool IsRight)[] sorted =
        [
            .. Enumerable.Range(0, Count)
                .Select(i => (Confidence: (double)predictions.Confidence[i], IsRight: predictions.Predicted[i] == predictions.Labels[i]))
                .OrderBy(answer => answer.Confidence),
        ];
        // A bin reaches from its lower end, not included, to its upper one, included.
        EqualWidth =
        [
            .. sorted.GroupBy(answer => Math.Clamp((int)Math.Ceiling(answer.Confidence * bins) - 1, 0, bins - 1))
                .Select(group => Bin([.. group], group.Key / (double)bins, (group.Key + 1) / (double)bins)),
        ];
        EqualMass =
        [
            .. Enumerable.Range(0, bins)
                .Select(bin => sorted[Edge(bin)..Edge(bin + 1)])
                .Select(part => Bin(part, part[0].Confidence, part[^1].Confidence)),
        ];

        int Edge(int bin) => (int)((long)Count * bin / bins);
    }

    /// <summary>Bins of equal width, without those that no answer is in; in ascending order.</summary>
    public IReadOnlyList<ReliabilityBin> EqualWidth { get; }

    /// <summary>Bins of equally many answers, up to one; in ascending order.</summary>
    public IReadOnlyList<ReliabilityBin> EqualMass { get; }

    /// <summary>Expected calibration error over bins of equal width, 0 to 1.</summary>
    public double ExpectedError => Error(EqualWidth);

    /// <summary>Expected calibration error over bins of equally many answers, 0 to 1.</summary>
    public double ExpectedErrorOfEqualMass => Error(EqualMass);

    /// <summary>Mean negative log-likelihood of the true class in nats: 0 at best.</summary>
    public double Loss { get; }

    /// <summary>Number of answers.</summary>
    public int Count { get; }

    /// <summary>"calibration error 3.2 % (equal mass 3.1 %), 0.412 nats, 9,000 answers in 15 bins".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"calibration error {100 * ExpectedError:0.0} % (equal mass {100 * ExpectedErrorOfEqualMass:0.0} %), {Loss:0.000} nats, "
        + $"{Count:N0} answers in {EqualMass.Count} bins");

    private double Error(IReadOnlyList<ReliabilityBin> bins) => bins.Sum(bin => Math.Abs(bin.Gap) * bin.Accuracy.Count) / Count;

    private static ReliabilityBin Bin((double Confidence, bool IsRight)[] answers, double low, double high) => new(
        low,
        high,
        answers.Average(answer => answer.Confidence),
        new Accuracy(answers.LongCount(answer => answer.IsRight), answers.Length));
}
