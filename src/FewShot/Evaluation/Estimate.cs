using System.Globalization;

namespace FewShot.Evaluation;

/// <summary>A measured share and how sure we are of it, both from 0 to 1.</summary>
/// <param name="Value">The share: 0.767 is drawn as 76.7 %.</param>
/// <param name="Low">Lower end of its interval; not a finite number where it has none.</param>
/// <param name="High">Upper end of its interval; not a finite number where it has none.</param>
public readonly record struct Estimate(double Value, double Low = double.NaN, double High = double.NaN)
{
    /// <summary>An accuracy and the interval that its number of images leaves open.</summary>
    public static Estimate Of(Accuracy accuracy)
    {
        ArgumentNullException.ThrowIfNull(accuracy);
        return new Estimate(accuracy.Value, accuracy.Interval.Low, accuracy.Interval.High);
    }

    /// <summary>A mean over draws and its interval; a single draw has none.</summary>
    public static Estimate Of(DrawSummary draws)
    {
        ArgumentNullException.ThrowIfNull(draws);
        return new Estimate(draws.Mean, draws.Interval.Low, draws.Interval.High);
    }

    /// <summary>Whether there is an interval to draw.</summary>
    public bool HasInterval => double.IsFinite(Low) && double.IsFinite(High);

    /// <summary>In percent: "76.7 % [75.8, 77.5]", or "76.7 %" without an interval.</summary>
    public override string ToString() => HasInterval
        ? string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} % [{100 * Low:0.0}, {100 * High:0.0}]")
        : string.Create(CultureInfo.InvariantCulture, $"{100 * Value:0.0} %");
}
