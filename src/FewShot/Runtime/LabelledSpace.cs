namespace FewShot.Runtime;

/// <summary>
/// What features and class scores are about. It travels with everything that predicts: feature banks, heads, networks, predictions. Of two
/// that differ in it the numbers still fit together, and say nothing; so it is compared before they meet.
/// </summary>
/// <param name="ClassNames">The name of each class, in the order of labels and scores; null where nobody said.</param>
/// <param name="FeatureCount">Length of a feature vector; null where there is none.</param>
/// <param name="Preprocessing">How pixels became input, as a key; null where nobody said.</param>
/// <param name="Weights">SHA-256 of the weights of the backbone; null where there is none.</param>
public sealed record LabelledSpace(
    IReadOnlyList<string>? ClassNames = null, int? FeatureCount = null, string? Preprocessing = null, string? Weights = null)
{
    private const int DigitsShown = 12;

    /// <summary>Equal where all four are, the names one by one.</summary>
    public bool Equals(LabelledSpace? other) => other is not null
        && (FeatureCount, Preprocessing, Weights) == (other.FeatureCount, other.Preprocessing, other.Weights)
        && (ClassNames is null ? other.ClassNames is null : other.ClassNames is not null && ClassNames.SequenceEqual(other.ClassNames));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(FeatureCount, Preprocessing, Weights, ClassNames?.Count);

    /// <summary>Refuses what differs. What one of the two does not know is not compared.</summary>
    /// <param name="name">What this is the space of, as the subject of a sentence: "the head".</param>
    /// <param name="other">The space of what it is used on.</param>
    /// <param name="otherName">What that is: the name of images or features.</param>
    /// <exception cref="FewShotException">Classes, features, preprocessing or backbone differ; the message says how.</exception>
    public void RequireSame(string name, LabelledSpace other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(other);
        RequireSameClasses(name, other, otherName);
        if (Differ(Weights, other.Weights))
        {
            throw new FewShotException(
                $"{name} and {otherName} stand on different backbones (SHA-256 {Short(Weights!)} and {Short(other.Weights!)}): "
                + "features of one mean nothing to the other. Use one backbone for both.");
        }

        if (Differ(Preprocessing, other.Preprocessing))
        {
            throw new FewShotException(
                $"{name} and {otherName} differ in preprocessing ('{Preprocessing}' and '{other.Preprocessing}'): "
                + "give both the same one.");
        }

        if (FeatureCount is { } count && other.FeatureCount is { } otherCount && count != otherCount)
        {
            throw new FewShotException(
                $"{name} and {otherName} differ in the length of a feature vector ({count} and {otherCount}): use one backbone for both.");
        }
    }

    /// <summary>As <see cref="RequireSame"/>, of the classes alone.</summary>
    /// <inheritdoc cref="RequireSame"/>
    public void RequireSameClasses(string name, LabelledSpace other, string otherName)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ClassNames is not null && other.ClassNames is not null
            && Runtime.ClassNames.Difference(ClassNames, other.ClassNames) is { } difference)
        {
            throw new FewShotException(
                $"{name} and {otherName} have different classes: {difference}. A score means the class it was learnt for: use the same "
                + "classes in one order on both sides (ImageSet.SelectClasses makes that order).");
        }
    }

    /// <summary>Refuses to predict where nobody said what the classes are.</summary>
    /// <param name="name">What this is the space of.</param>
    /// <param name="advice">How the names get there.</param>
    /// <exception cref="FewShotException">The names of the classes are not known.</exception>
    internal void RequireClassNames(string name, string advice)
    {
        if (ClassNames is null)
        {
            throw new FewShotException(
                $"{name} does not know the names of its classes, so that nobody can tell whether they fit: {advice}");
        }
    }

    private static bool Differ(string? one, string? other) => one is not null && other is not null && one != other;

    private static string Short(string digest) => digest.Length > DigitsShown ? $"{digest[..DigitsShown]}..." : digest;
}
