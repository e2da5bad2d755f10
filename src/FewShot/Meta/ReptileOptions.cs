using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="Reptile"/>; the defaults are those of Omniglot with 5 ways (Nichol et al. 2018, table 4).</summary>
/// <remarks>The outer step is that of the training: see <see cref="MetaTrainerOptions.Reptile"/>.</remarks>
public sealed record ReptileOptions
{
    /// <summary>Learning rate of the inner Adam, whose beta1 is 0.</summary>
    public double InnerLearningRate { get; init; } = 1e-3;

    /// <summary>Inner iterations in training, at least 1.</summary>
    public int InnerSteps { get; init; } = 5;

    /// <summary>Support examples in an inner iteration, drawn in turns without repetition; all where there are no more.</summary>
    public int InnerBatch { get; init; } = 10;

    /// <summary>Inner iterations in evaluation, unless asked for otherwise.</summary>
    public int EvaluationSteps { get; init; } = 50;

    /// <summary>Support examples in an inner iteration of an evaluation.</summary>
    public int EvaluationBatch { get; init; } = 5;

    /// <summary>How query examples are normalised in evaluation unless asked for otherwise.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Transductive;

    /// <summary>Tasks computed together, at least 1: null lets model and device decide; 1 is the plain loop, one task after another, each on all threads.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Decides the order of the examples.</summary>
    public long Seed { get; init; }
}
