using FewShot.Heads;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="SubsetStudy"/>.</summary>
public sealed record SubsetStudyOptions
{
    /// <summary>Labelled images of each class, at least as many as <see cref="Folds"/>.</summary>
    public int PerClass { get; init; } = 50;

    /// <summary>Draws of the labelled images, with the seeds 0, 1, 2, ...; at least 2 for an interval.</summary>
    public int Draws { get; init; } = 5;

    /// <summary>
    /// Parts that the labelled images of a draw are dealt into, class by class, at least 2. Each part is held out once, while the
    /// recipes learn from the others.
    /// </summary>
    public int Folds { get; init; } = 3;

    /// <summary>
    /// Side in pixels of the images that a network is fine-tuned on, and of the smaller images that the frozen backbone sees.
    /// </summary>
    public int Size { get; init; } = 128;

    /// <summary>Side in pixels of the larger images that the frozen backbone sees.</summary>
    public int LargerSize { get; init; } = 192;

    /// <summary>The logistic regressions; each chooses its strength by cross-validation inside the images that it is fitted on.</summary>
    public LogisticRegressionOptions Logistic { get; init; } = new() { SquareRoot = true };

    /// <summary>
    /// The fine-tuning. Its settings were fixed on ten classes of CIFAR-100 (the first ten of CIFAR-FS's validation classes), none of
    /// which is a class of CIFAR-10. An earlier run of the study trained the last stage alone, at 1e-3; on the ten classes of CIFAR-100
    /// two stages at 3e-4 did better.
    /// </summary>
    public FineTunerOptions FineTuning { get; init; } = new()
    {
        FrozenGroups = 3,
        LearningRate = 3e-4,
        HeadLearningRate = 1e-3,
        WarmUpSteps = 40,
        WeightDecay = 0.05,
        LabelSmoothing = 0.1,
        Epochs = 10,
        BatchSize = 25,
        Augmentation = new AugmentationOptions
        {
            CropPadding = 0,
            Zoom = 0.25,
            Shift = 0.125,
            Brightness = 0.2,
            Contrast = 0.2,
            Saturation = 0.2,
        },
    };
}
