using System.Globalization;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>
/// Images of a test set that repeat images of another set, or of their own: asked about them, a method is asked what it has been told
/// (Barz and Denzler 2020, "Do we train on test data? Purging CIFAR of near-duplicates"). Positions are those of the test set, ascending.
/// </summary>
/// <param name="Test">The name of the test set.</param>
/// <param name="Other">The name of the set that it was compared with.</param>
/// <param name="Count">Images of the test set.</param>
/// <param name="Equal">Images whose pixels are equal, bit for bit.</param>
/// <param name="Correlated">Images whose pixels correlate at least by <see cref="NearDuplicates.Threshold"/>, mirrored or not; null where
/// this was not looked at.</param>
/// <param name="AlikeInFeatures">Images whose features have at least the asked cosine; null where no features were given.</param>
public sealed record DuplicateReport(
    string Test,
    string Other,
    int Count,
    IReadOnlyList<long> Equal,
    IReadOnlyList<long>? Correlated,
    IReadOnlyList<long>? AlikeInFeatures)
{
    private const int ChunkSize = 1000;

    /// <summary>All of them, ascending.</summary>
    public IReadOnlyList<long> Positions => [.. Equal.Concat(Correlated ?? []).Concat(AlikeInFeatures ?? []).Distinct().Order()];

    /// <summary>The images of the test set that repeat none, ascending: a set without duplicates is selected with them.</summary>
    public IReadOnlyList<long> Remaining
    {
        get
        {
            var repeated = Positions.ToHashSet();
            return [.. Enumerable.Range(0, Count).Select(position => (long)position).Where(position => !repeated.Contains(position))];
        }
    }

    /// <summary>Compares the pixels of two sets.</summary>
    /// <param name="test">The set that is judged.</param>
    /// <param name="other">The set that was learned from.</param>
    public static DuplicateReport Between(ImageSet test, ImageSet other)
    {
        ArgumentNullException.ThrowIfNull(test);
        ArgumentNullException.ThrowIfNull(other);
        var known = other.ExampleHashes().ToHashSet();
        var isOneSize = test.Count > 0 && other.Count > 0 && test.Images.shape[1..].SequenceEqual(other.Images.shape[1..]);
        IReadOnlyList<long>? correlated = null;
        if (isOneSize)
        {
            var apart = NearDuplicates.Without(test, other).ToHashSet();
            correlated = Where(test.Count, position => !apart.Contains(position));
        }

        var hashes = test.ExampleHashes();
        var equal = Where(test.Count, position => known.Contains(hashes[position]));
        return new DuplicateReport(test.Name, other.Name, test.Count, equal, correlated, null);
    }

    /// <summary>Compares the pixels of two sets, and their features by the cosine of the angle between them.</summary>
    /// <param name="test">The set that is judged.</param>
    /// <param name="other">The set that was learned from.</param>
    /// <param name="testFeatures">Features of all its images.</param>
    /// <param name="otherFeatures">Features of all images of the other, of the same backbone and preprocessing.</param>
    /// <param name="cosine">From which a pair counts, above 0 and at most 1: look at pairs to choose it, for it depends on the
    /// backbone.</param>
    /// <exception cref="FewShotException">Features and images do not belong together, or the cosine is out of range.</exception>
    public static DuplicateReport Between(
        ImageSet test, ImageSet other, FeatureBank testFeatures, FeatureBank otherFeatures, double cosine)
    {
        ArgumentNullException.ThrowIfNull(testFeatures);
        ArgumentNullException.ThrowIfNull(otherFeatures);
        var report = Between(test, other);
        if (testFeatures.Count != test.Count || otherFeatures.Count != other.Count)
        {
            throw new FewShotException(
                $"Features must be of all images: {test.Name} has {test.Count} and its features are of {testFeatures.Count}, "
                + $"{other.Name} has {other.Count} and its features are of {otherFeatures.Count}.");
        }

        (testFeatures.Space with { ClassNames = null }).RequireSame(
            $"'{testFeatures.Name}'", otherFeatures.Space with { ClassNames = null }, $"'{otherFeatures.Name}'");
        if (!(cosine is > 0 and <= 1))
            throw new FewShotException($"A cosine to call features alike by is above 0 and at most 1; found {cosine}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var known = torch.nn.functional.normalize(otherFeatures.Features).t();
        var highest = testFeatures.Features.split(ChunkSize).Select(chunk =>
        {
            using var inner = torch.NewDisposeScope();
            return torch.nn.functional.normalize(chunk).mm(known).amax([1]).MoveToOuterDisposeScope();
        });
        // The cosine of equal features may be rounded to a little below 1.
        var alike = torch.cat([.. highest]).ge(cosine - 1e-6).data<bool>().ToArray();
        return report with { AlikeInFeatures = Where(test.Count, position => alike[position]) };
    }

    /// <summary>Finds images of a set whose pixels equal those of an earlier image of it.</summary>
    /// <param name="set">The set.</param>
    public static DuplicateReport Within(ImageSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var (hashes, met) = (set.ExampleHashes(), new HashSet<UInt128>());
        return new DuplicateReport(set.Name, set.Name, set.Count, Where(set.Count, position => !met.Add(hashes[position])), null, null);
    }

    /// <summary>
    /// "CIFAR-FS test against CIFAR-FS train: of 12,000 images 0 alike in every pixel, 12 alike in correlation, features not compared;
    /// 12 in all".
    /// </summary>
    public override string ToString()
    {
        static string Text(IReadOnlyList<long>? found, string comparison) => found is null
            ? $"{comparison} not compared"
            : string.Create(CultureInfo.InvariantCulture, $"{found.Count:N0} alike in {comparison}");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Test} against {(Test == Other ? "itself" : Other)}: of {Count:N0} images {Text(Equal, "every pixel")}, "
            + $"{Text(Correlated, "correlation")}, {Text(AlikeInFeatures, "features")}; {Positions.Count:N0} in all");
    }

    private static long[] Where(int count, Func<int, bool> isOne) =>
        [.. Enumerable.Range(0, count).Where(isOne).Select(position => (long)position)];
}
