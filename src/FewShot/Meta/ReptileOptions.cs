using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="Reptile"/>; the defaults are those of Omniglot with 5 ways (Nichol et al. 2018, table 4).</summary>
/// <remarks>The outer step is that of the training: see <see cref="MetaTrainerOptions.Reptile"/>.</remarks>
public sealed record ReptileOptions : MetaLearnerOptions
{
    /// <summary>The defaults.</summary>
    public ReptileOptions() => (InnerSteps, EvaluationSteps) = (5, 50);

    /// <summary>Learning rate of the inner Adam, whose beta1 is 0.</summary>
    public double InnerLearningRate { get; init; } = 1e-3;

    /// <summary>
    /// Support examples in an inner step of the training, drawn in turns without repetition; all where there are no more.
    /// </summary>
    public int InnerBatch { get; init; } = 10;

    /// <summary>Support examples in an inner step of an evaluation.</summary>
    public int EvaluationBatch { get; init; } = 5;

    /// <summary>Decides the order of the examples.</summary>
    public long Seed { get; init; }

    internal override void Check()
    {
        base.Check();
        CheckRate(InnerLearningRate);
        if (InnerBatch < 1 || EvaluationBatch < 1)
            throw new FewShotException($"InnerBatch and EvaluationBatch must be at least 1; found {InnerBatch} and {EvaluationBatch}.");
    }
}
