using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="AugmentationStudy"/>.</summary>
public sealed record AugmentationStudyOptions
{
    /// <summary>Labelled images of each class.</summary>
    public IReadOnlyList<int> PerClass { get; init; } = [5, 50];

    /// <summary>Labelled images of each class at which the network is trained further, too: hours on a CPU. Empty for not at all.</summary>
    public IReadOnlyList<int> TunedPerClass { get; init; } = [];

    /// <summary>Draws of the labelled images, at least 2 for an interval; their seeds are 0, 1, 2, ...</summary>
    public int Draws { get; init; } = 5;

    /// <summary>Side in pixels of the images that the frozen backbone sees.</summary>
    public int Size { get; init; } = 96;

    /// <summary>Varied views of each labelled image, beside the image itself.</summary>
    public int Views { get; init; } = 4;

    /// <summary>Parts of the labelled images in the cross-validation that chooses among the recipes.</summary>
    public int Folds { get; init; } = 5;

    /// <summary>Side in pixels of the images that the network is trained further on.</summary>
    public int TunedSize { get; init; } = 64;

    /// <summary>Images that pass the network in one fine-tuning, each as often as the next: 40 epochs of 50 images, 4 of 500.</summary>
    public int TunedPasses { get; init; } = 2000;

    /// <summary>Test images of each class that a fine-tuned network is judged on, drawn with seed 0.</summary>
    public int TunedTestPerClass { get; init; } = 100;

    /// <summary>Colours of the task whose classes are colours.</summary>
    public int Tints { get; init; } = 12;

    /// <summary>Labelled images of each colour.</summary>
    public int TintedPerClass { get; init; } = 5;

    /// <summary>Training images of each class, drawn with seed 0, that are tinted; the labelled ones are drawn among them.</summary>
    public int TintedPool { get; init; } = 30;

    /// <summary>Test images of each class, drawn with seed 0, that are tinted and judged on.</summary>
    public int TintedTest { get; init; } = 120;

    internal void Check()
    {
        if (PerClass.Count == 0 || PerClass.Concat(TunedPerClass).Any(count => count < 2) || Draws < 2 || Folds < 2 || Views < 1
            || Size < 1 || TunedSize < 1)
        {
            throw new FewShotException(
                "The table of augmentations needs at least one number of labels, each at least 2, at least 2 draws and folds, at least "
                + $"1 view, and sizes of at least 1; found [{string.Join(", ", PerClass.Concat(TunedPerClass))}], {Draws} draws, "
                + $"{Folds} folds, {Views} views, {Size} and {TunedSize} px.");
        }

        if (TunedPasses < 1 || TunedTestPerClass < 1 || Tints < 2 || TintedPerClass < 1 || TintedPool < 1 || TintedTest < 1)
        {
            throw new FewShotException(
                "The table of augmentations needs at least 2 tints and at least 1 of every kind of image; "
                + $"found {TunedPasses} passes, {TunedTestPerClass} test images of each class, {Tints} tints, {TintedPerClass} labels, "
                + $"{TintedPool} and {TintedTest} images of each class.");
        }
    }
}
