using FewShot.Runtime;

namespace FewShot.Heads;

/// <summary>Deals images into folds, class by class, so that each fold has its share of every class.</summary>
internal static class StratifiedFolds
{
    /// <summary>The fold of each image, from 0.</summary>
    /// <param name="labels">The class of each image.</param>
    /// <param name="folds">How many folds, at least 2; fewer are used where the rarest class has fewer images.</param>
    /// <exception cref="FewShotException">A class has only one image, or fewer than 2 folds are asked for.</exception>
    public static int[] Assign(IReadOnlyList<long> labels, int folds)
    {
        if (folds < 2)
            throw new FewShotException($"Cross-validation needs at least 2 folds; found {folds}.");
        var (rarest, images) = labels.CountBy(label => label).MinBy(entry => entry.Value);
        if (images < 2)
        {
            throw new FewShotException(
                $"Cross-validation needs at least 2 images of each class; class {rarest} has {images}. Give a single strength instead.");
        }

        var used = Math.Min(folds, images);
        var dealt = new Dictionary<long, int>();
        return [.. labels.Select(label => (dealt[label] = dealt.GetValueOrDefault(label, -1) + 1) % used)];
    }
}
