using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="Maml"/>; the defaults are those of the sinusoid (Finn et al. 2017, section 5.1).</summary>
public sealed record MamlOptions : DescentOptions
{
    /// <summary>The defaults.</summary>
    public MamlOptions() => EvaluationSteps = 10;

    /// <summary>The paper's settings for Omniglot with 5 ways.</summary>
    public static MamlOptions OmniglotFiveWay { get; } = new() { InnerLearningRate = 0.4, InnerSteps = 1, EvaluationSteps = 3 };

    /// <summary>The paper's settings for Omniglot with 20 ways.</summary>
    public static MamlOptions OmniglotTwentyWay { get; } = new() { InnerLearningRate = 0.1, InnerSteps = 5, EvaluationSteps = 5 };

    /// <summary>The paper's settings for mini-ImageNet, used for CIFAR-FS too.</summary>
    public static MamlOptions CifarFs { get; } = new()
    {
        InnerLearningRate = 0.01,
        InnerSteps = 5,
        EvaluationSteps = 10,
        GradientClip = 10,
    };

    /// <summary>Learning rate of an inner step; where rates are learned, what they start from.</summary>
    public double InnerLearningRate { get; init; } = 0.01;

    /// <summary>
    /// Learns one inner learning rate for each layer and step (Antoniou et al. 2019, "How to train your MAML", section 4); steps beyond the
    /// trained ones use the last.
    /// </summary>
    public bool LearnRates { get; init; }

    /// <summary>
    /// Iterations over which the query loss after every inner step counts, its weight moving linearly to the last step
    /// (Antoniou et al. 2019, section 4); 0 counts the last step alone.
    /// </summary>
    public long MultiStepLossIterations { get; init; }

    internal override void Check()
    {
        base.Check();
        CheckRate(InnerLearningRate);
        if (MultiStepLossIterations < 0)
            throw new FewShotException($"MultiStepLossIterations must be at least 0; found {MultiStepLossIterations}.");
    }
}
