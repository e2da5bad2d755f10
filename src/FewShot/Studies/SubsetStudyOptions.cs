using FewShot.Heads;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="SubsetStudy"/>.</summary>
public sealed record SubsetStudyOptions
{
    /// <summary>Labelled images of each class.</summary>
    public int PerClass { get; init; } = 50;

    /// <summary>Draws of the labelled images, with the seeds 0, 1, 2, ...; at least 2 for an interval.</summary>
    public int Draws { get; init; } = 5;

    /// <summary>
    /// Training images of each class that are set apart to choose among the recipes; no draw takes any of them, and none is ever trained on.
    /// </summary>
    public int ValidationPerClass { get; init; } = 200;

    /// <summary>Seed of the draw on which the recipes are compared, and of the validation images: apart from the draws that are reported.</summary>
    public long ChoiceSeed { get; init; } = 777;

    /// <summary>How much larger the larger images are that the frozen backbone sees, beside those that are fine-tuned on.</summary>
    public double LargerScale { get; init; } = 1.5;

    /// <summary>The logistic regression on features of both sizes.</summary>
    public LogisticRegressionOptions Logistic { get; init; } = new() { SquareRoot = true };

    /// <summary>The fine-tuning.</summary>
    public FineTunerOptions FineTuning { get; init; } = new()
    {
        FrozenGroups = 2,
        LearningRate = 1e-3,
        WarmUpSteps = 40,
        HeadLearningRate = 1e-3,
        WeightDecay = 0.05,
        LabelSmoothing = 0.1,
        Epochs = 14,
        BatchSize = 25,
        Augmentation = new AugmentationOptions { CropPadding = 0, Zoom = 0.25, Shift = 0.125, Brightness = 0.2, Contrast = 0.2, Saturation = 0.2 },
    };
}
