using FewShot.Heads;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="SubsetStudy"/>.</summary>
public sealed record SubsetStudyOptions
{
    /// <summary>Labelled images of each class, at least as many as <see cref="Folds"/>.</summary>
    public int PerClass { get; init; } = 50;

    /// <summary>Draws of the labelled images, with the seeds 0, 1, 2, ...; at least 2 for an interval.</summary>
    public int Draws { get; init; } = 5;

    /// <summary>
    /// Parts that the labelled images of a draw are dealt into, class by class, at least 2. Each part is held out once, while the recipes learn from the others.
    /// </summary>
    public int Folds { get; init; } = 3;

    /// <summary>Side in pixels of the images that a network is fine-tuned on, and of the smaller images that the frozen backbone sees.</summary>
    public int Size { get; init; } = 128;

    /// <summary>Side in pixels of the larger images that the frozen backbone sees.</summary>
    public int LargerSize { get; init; } = 192;

    /// <summary>The logistic regressions; each chooses its strength by cross-validation inside the images that it is fitted on.</summary>
    public LogisticRegressionOptions Logistic { get; init; } = new() { SquareRoot = true };

    /// <summary>
    /// The fine-tuning: epochs, batches, flips and crops of the recipe as it is published (see <see cref="ArticleRecipeOptions"/>), rates and schedule of the library's
    /// defaults, all fixed in advance. Only the last stage follows, because that is the cheapest.
    /// </summary>
    public FineTunerOptions FineTuning { get; init; } = new() { FrozenGroups = 4, Epochs = 10, BatchSize = 32 };
}
