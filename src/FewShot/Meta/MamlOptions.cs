using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="Maml"/> and <see cref="Anil"/>; the defaults are those of the sinusoid (Finn et al. 2017, section 5.1).</summary>
public sealed record MamlOptions
{
    /// <summary>20-way 1-shot and the like on Omniglot differ in <see cref="InnerLearningRate"/> and steps; these are the paper's for 5 ways.</summary>
    public static MamlOptions OmniglotFiveWay { get; } = new() { InnerLearningRate = 0.4, InnerSteps = 1, EvaluationSteps = 3 };

    /// <summary>The paper's settings for Omniglot with 20 ways.</summary>
    public static MamlOptions OmniglotTwentyWay { get; } = new() { InnerLearningRate = 0.1, InnerSteps = 5, EvaluationSteps = 5 };

    /// <summary>The paper's settings for mini-ImageNet, used for CIFAR-FS too.</summary>
    public static MamlOptions CifarFs { get; } = new() { InnerLearningRate = 0.01, InnerSteps = 5, EvaluationSteps = 10, GradientClip = 10 };

    /// <summary>Second order, or first order by name.</summary>
    public GradientOrder Order { get; init; } = GradientOrder.Second;

    /// <summary>Learning rate of an inner step; where rates are learned, what they start from.</summary>
    public double InnerLearningRate { get; init; } = 0.01;

    /// <summary>Inner steps in training, at least 1.</summary>
    public int InnerSteps { get; init; } = 1;

    /// <summary>Inner steps in evaluation, unless asked for otherwise.</summary>
    public int EvaluationSteps { get; init; } = 10;

    /// <summary>Each component of the meta-gradient is cut to -c..c, as the authors' code does for mini-ImageNet; null cuts nothing.</summary>
    public double? GradientClip { get; init; }

    /// <summary>Learns one inner learning rate for each layer and step (Antoniou et al. 2019, "How to train your MAML", section 4); steps beyond the trained ones use the last.</summary>
    public bool LearnRates { get; init; }

    /// <summary>
    /// Iterations over which the query loss after every inner step counts, its weight moving linearly to the last step
    /// (Antoniou et al. 2019, section 4); 0 counts the last step alone.
    /// </summary>
    public long MultiStepLossIterations { get; init; }

    /// <summary>How query examples are normalised in training, and in evaluation unless asked for otherwise.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Transductive;

    /// <summary>Tasks computed together, at least 1: null lets model and device decide; 1 is the plain loop, one task after another, each on all threads.</summary>
    public int? ChunkSize { get; init; }
}
