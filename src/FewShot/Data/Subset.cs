using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>
/// Chooses a few images of each class. A choice is a list of positions in ascending order; pass it to <see cref="ImageSet.Select"/>.
/// The same seed gives the same choice on every machine.
/// </summary>
public static class Subset
{
    // Keeps the choice of held images apart from the choice of the images themselves when both use one seed.
    private const long SplitStreams = 1L << 32;

    /// <summary>The first <paramref name="perClass"/> images of each class, in the order of the set.</summary>
    /// <exception cref="FewShotException">A class has fewer.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perClass"/> is below 1.</exception>
    public static long[] First(ImageSet set, int perClass)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Choose(set, AllPositions(set), perClass, static (_, _) => { });
    }

    /// <summary>Any <paramref name="perClass"/> images of each class, each choice equally likely.</summary>
    /// <remarks>
    /// With one seed, a smaller draw lies inside every larger one: accuracy against labels is then compared on nested sets.
    /// </remarks>
    /// <exception cref="FewShotException">A class has fewer.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="perClass"/> is below 1.</exception>
    public static long[] Draw(ImageSet set, int perClass, long seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        return Choose(
            set, AllPositions(set), perClass, (positions, label) => new StableRandom(seed, label).Draw<long>(positions, perClass));
    }

    /// <summary>Holds back <paramref name="heldPerClass"/> of the chosen images of each class, for validation; the rest trains.</summary>
    /// <param name="set">The set the positions belong to.</param>
    /// <param name="positions">A choice of images; its order does not matter.</param>
    /// <param name="heldPerClass">How many of each class to hold back, at least 1.</param>
    /// <param name="seed">Decides which.</param>
    /// <returns>Two lists without a common position. A class that has no position in <paramref name="positions"/> is in neither.</returns>
    /// <exception cref="FewShotException">A class would keep no training image, a position is given twice or
    /// lies outside the set.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="heldPerClass"/> is below 1.</exception>
    public static (long[] Train, long[] Held) Split(ImageSet set, IReadOnlyList<long> positions, int heldPerClass, long seed)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(positions);
        var chosen = new HashSet<long>();
        foreach (var position in positions)
        {
            if (position < 0 || position >= set.Count)
                throw new FewShotException($"{set.Name}: position {position} is outside 0..{set.Count - 1}.");
            if (!chosen.Add(position))
                throw new FewShotException($"{set.Name}: position {position} is given twice; it could land on both sides of the split.");
        }

        var scarce = positions.CountBy(position => set.LabelValues[(int)position]).Where(entry => entry.Value <= heldPerClass).ToList();
        if (scarce.Count > 0)
        {
            throw new FewShotException(
                $"{set.Name}: class '{set.ClassNames[(int)scarce[0].Key]}' has {scarce[0].Value} chosen images; " +
                $"holding back {heldPerClass} leaves none to train on. Hold back fewer.");
        }

        var held = Choose(
            set, positions, heldPerClass, (items, label) => new StableRandom(seed, SplitStreams + label).Draw<long>(items, heldPerClass));
        chosen.ExceptWith(held);
        return (chosen.Order().ToArray(), held);
    }

    private static IEnumerable<long> AllPositions(ImageSet set)
    {
        var counts = set.LabelValues.CountBy(label => label).ToDictionary();
        for (var label = 0L; label < set.ClassNames.Count; label++)
        {
            if (!counts.ContainsKey(label))
                throw new FewShotException($"{set.Name}: class '{set.ClassNames[(int)label]}' has no images.");
        }

        return Enumerable.Range(0, set.Count).Select(position => (long)position);
    }

    private static long[] Choose(ImageSet set, IEnumerable<long> positions, int perClass, Action<long[], long> bringToFront) =>
        ClassDraw.Choose(positions, set.LabelValues, perClass, bringToFront, (label, count) => new FewShotException(
            $"{set.Name}: class '{set.ClassNames[(int)label]}' has {count} images, fewer than the {perClass} asked for."));
}
