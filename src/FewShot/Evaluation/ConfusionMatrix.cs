using System.Globalization;
using System.Text;
using FewShot.Runtime;

namespace FewShot.Evaluation;

/// <summary>How often each true class (row) was taken for each class (column).</summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] counts;

    /// <summary>Counts predictions.</summary>
    public ConfusionMatrix(Predictions predictions)
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ClassNames = predictions.ClassNames;
        counts = new long[ClassNames.Count, ClassNames.Count];
        for (var i = 0; i < predictions.Count; i++)
            counts[predictions.Labels[i], predictions.Predicted[i]]++;
    }

    /// <summary>The name of each class, in the order of rows and columns.</summary>
    public IReadOnlyList<string> ClassNames { get; }

    /// <summary>Images of the class <paramref name="actual"/> that were taken for <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>Images in all.</summary>
    public long Total => counts.Cast<long>().Sum();

    /// <summary>Per class, the share of its images that were recognised; null for a class without images.</summary>
    public IReadOnlyList<Accuracy?> Recall => [.. Classes.Select(c => Share(c, Classes.Sum(other => counts[c, other])))];

    /// <summary>Per class, the share of the images taken for it that are of it; null for a class that was never predicted.</summary>
    public IReadOnlyList<Accuracy?> Precision => [.. Classes.Select(c => Share(c, Classes.Sum(other => counts[other, c])))];

    /// <summary>The pairs of different classes most often confused, most frequent first.</summary>
    /// <exception cref="FewShotException">The count is negative.</exception>
    public IReadOnlyList<(string Actual, string Predicted, long Images)> MostConfused(int count)
    {
        if (count < 0)
            throw new FewShotException($"A number of pairs is at least 0; found {count}.");
        var pairs =
            from actual in Classes
            from predicted in Classes
            where actual != predicted && counts[actual, predicted] > 0
            orderby counts[actual, predicted] descending, actual, predicted
            select (ClassNames[actual], ClassNames[predicted], counts[actual, predicted]);
        return [.. pairs.Take(count)];
    }

    /// <summary>A table in plain text: a row per true class, a column per predicted class, the recall at the end.</summary>
    public override string ToString()
    {
        var width = Math.Max(6, counts.Cast<long>().Max().ToString("N0", CultureInfo.InvariantCulture).Length + 1);
        var names = Math.Max(6, ClassNames.Max(name => name.Length));
        var recall = Recall;
        var text = new StringBuilder();
        text.Append("".PadRight(names));
        foreach (var name in ClassNames)
            text.Append(' ').Append((name.Length < width ? name : name[..(width - 1)]).PadLeft(width - 1));
        text.AppendLine("  recall");
        foreach (var row in Classes)
        {
            text.Append(ClassNames[row].PadRight(names));
            foreach (var column in Classes)
                text.Append(counts[row, column].ToString("N0", CultureInfo.InvariantCulture).PadLeft(width));
            text.Append("  ").AppendLine(recall[row]?.ToString() ?? "no image");
        }

        return text.ToString();
    }

    private IEnumerable<int> Classes => Enumerable.Range(0, ClassNames.Count);

    private Accuracy? Share(int c, long of) => of == 0 ? null : new Accuracy(counts[c, c], of);
}
