using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>How many images were classified rightly, of how many: an accuracy that never goes without its interval.</summary>
public sealed record Accuracy
{
    /// <summary>An accuracy from its counts.</summary>
    /// <param name="correct">Images classified rightly.</param>
    /// <param name="count">Images in all, at least 1.</param>
    /// <param name="confidence">Of the interval, between 0 and 1.</param>
    /// <exception cref="FewShotException">A count or the confidence is out of range.</exception>
    public Accuracy(long correct, long count, double confidence = 0.95)
    {
        Correct = correct;
        Count = count;
        Interval = Interval.Wilson(correct, count, confidence);
    }

    /// <summary>Images classified rightly.</summary>
    public long Correct { get; }

    /// <summary>Images in all.</summary>
    public long Count { get; }

    /// <summary>Wilson's interval: what the number of images leaves open. It knows nothing of the draw of the training images.</summary>
    public Interval Interval { get; }

    /// <summary>The share classified rightly, 0 to 1.</summary>
    public double Value => (double)Correct / Count;

    /// <summary>What one of those counted is called; its plural has an s.</summary>
    public string Example { get; init; } = "image";

    /// <summary>"76.7 % [75.8, 77.5] (10,000 images)".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{100 * Value:0.0} % {Interval} ({Count:N0} {Example}{(Count == 1 ? string.Empty : "s")})");
}
