using System.Globalization;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>An image that was taken for another class.</summary>
/// <param name="Position">Its place in the image set.</param>
/// <param name="Actual">Its true class.</param>
/// <param name="Predicted">The class it was taken for.</param>
/// <param name="Confidence">How sure the classifier was, 0 to 1.</param>
public sealed record Mistake(int Position, string Actual, string Predicted, float Confidence)
{
    /// <summary>"image 17: cat taken for dog (98 % sure)".</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"image {Position}: {Actual} taken for {Predicted} ({100 * Confidence:0} % sure)");
}

/// <summary>Finds the mistakes worth looking at.</summary>
public static class Mistakes
{
    /// <summary>The wrong predictions the classifier was surest of, surest first (ties by position).</summary>
    /// <param name="predictions">What the classifier said.</param>
    /// <param name="count">How many at most.</param>
    /// <exception cref="FewShotException">The count is negative.</exception>
    public static IReadOnlyList<Mistake> MostConfident(Predictions predictions, int count)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        if (count < 0)
            throw new FewShotException($"A number of mistakes is at least 0; found {count}.");
        var wrong =
            from i in Enumerable.Range(0, predictions.Count)
            where predictions.Labels[i] != predictions.Predicted[i]
            orderby predictions.Confidence[i] descending, i
            select new Mistake(
                i,
                predictions.ClassNames[(int)predictions.Labels[i]],
                predictions.ClassNames[(int)predictions.Predicted[i]],
                predictions.Confidence[i]);
        return [.. wrong.Take(count)];
    }
}
