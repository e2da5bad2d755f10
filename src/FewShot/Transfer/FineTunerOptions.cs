using System.Text.Json.Serialization;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.Vision;

namespace FewShot.Transfer;

/// <summary>How a step follows from a gradient.</summary>
public enum FineTuneOptimizer
{
    /// <summary>Adam with decoupled weight decay (Loshchilov and Hutter 2019).</summary>
    AdamW,

    /// <summary>Stochastic gradient descent with momentum 0.9.</summary>
    Sgd,
}

/// <summary>What makes one epoch better than another on the validation images.</summary>
public enum FineTuneMeasure
{
    /// <summary>The lower mean cross-entropy; finer than the accuracy where images are few.</summary>
    Loss,

    /// <summary>The higher accuracy.</summary>
    Accuracy,
}

/// <summary>Settings of <see cref="FineTuner"/>.</summary>
public sealed record FineTunerOptions
{
    /// <summary>How pixels become input.</summary>
    public Preprocessing Preprocessing { get; init; } = new();

    /// <summary>How training images are varied before <see cref="Preprocessing"/>. Validation and test images never are.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>
    /// How images of a batch are mixed after <see cref="Preprocessing"/>, labels and all: the loss is then the cross-entropy with the
    /// shares of the classes. Null leaves them apart.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LabelMixingOptions? Mixing { get; init; }

    /// <summary>Layer groups, from the input on, that stay as they are: 0 trains all, the number of groups trains the head alone.</summary>
    public int FrozenGroups { get; init; }

    /// <summary>Learning rate of the layer groups.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>Learning rates of single groups by name ("layer4"), in place of <see cref="LearningRate"/>.</summary>
    public IReadOnlyDictionary<string, double> GroupLearningRates { get; init; } = new Dictionary<string, double>();

    /// <summary>Learning rate of the head.</summary>
    public double HeadLearningRate { get; init; } = 1e-3;

    /// <summary>How a step follows from a gradient.</summary>
    public FineTuneOptimizer Optimizer { get; init; } = FineTuneOptimizer.AdamW;

    /// <summary>How the learning rate changes.</summary>
    public LearningRateSchedule Schedule { get; init; } = LearningRateSchedule.Cosine;

    /// <summary>
    /// Steps over which the learning rate first rises in a straight line, before the schedule begins: large rates then do not tear
    /// pretrained features apart while Adam's averages are still young (Goyal et al. 2017, section 2.2). 0 begins at the full rate.
    /// </summary>
    public int WarmUpSteps { get; init; }

    /// <summary>
    /// Weight decay: decoupled under <see cref="FineTuneOptimizer.AdamW"/>, part of the gradient under <see cref="FineTuneOptimizer.Sgd"/>.
    /// </summary>
    public double WeightDecay { get; init; } = 1e-2;

    /// <summary>Share of each target spread over all classes, 0 to below 1 (Szegedy et al. 2016, section 7).</summary>
    public double LabelSmoothing { get; init; }

    /// <summary>Passes over the training images, at least 1.</summary>
    public int Epochs { get; init; } = 20;

    /// <summary>Images per step, at least 1.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Epochs without a better validation result after which training stops; 0 never stops early.</summary>
    public int Patience { get; init; }

    /// <summary>What makes an epoch better.</summary>
    public FineTuneMeasure Measure { get; init; } = FineTuneMeasure.Loss;

    /// <summary>Decides the order and the variation of the images.</summary>
    public long Seed { get; init; }

    /// <summary>Steps of one pass over the images; the last one may have fewer of them.</summary>
    internal int StepsPerEpoch(ImageSet training) => (training.Count + BatchSize - 1) / BatchSize;

    /// <summary>
    /// The share of the learning rates that counts in the step after <paramref name="done"/> of <paramref name="steps"/>.
    /// </summary>
    internal double RateFactor(long done, long steps) =>
        done < WarmUpSteps ? (done + 1.0) / WarmUpSteps : Schedule.Share(done - WarmUpSteps, steps - WarmUpSteps);
}
