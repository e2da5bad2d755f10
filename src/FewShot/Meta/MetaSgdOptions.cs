using FewShot.Models;

namespace FewShot.Meta;

/// <summary>Settings of <see cref="MetaSgd"/>.</summary>
public sealed record MetaSgdOptions
{
    /// <summary>Second order, or first order by name.</summary>
    public GradientOrder Order { get; init; } = GradientOrder.Second;

    /// <summary>What every rate starts from, drawn evenly between these two (Li et al. 2017, section 4).</summary>
    public double LowestInitialRate { get; init; } = 0.005;

    /// <summary>See <see cref="LowestInitialRate"/>.</summary>
    public double HighestInitialRate { get; init; } = 0.1;

    /// <summary>Inner steps in training; the paper has 1.</summary>
    public int InnerSteps { get; init; } = 1;

    /// <summary>Inner steps in evaluation, unless asked for otherwise.</summary>
    public int EvaluationSteps { get; init; } = 1;

    /// <summary>Each component of the meta-gradient is cut to -c..c; null cuts nothing.</summary>
    public double? GradientClip { get; init; }

    /// <summary>How query examples are normalised in training, and in evaluation unless asked for otherwise.</summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Transductive;

    /// <summary>Tasks computed together, at least 1: null lets model and device decide; 1 is the plain loop, one task after another, each on all threads.</summary>
    public int? ChunkSize { get; init; }

    /// <summary>Decides the first rates.</summary>
    public long Seed { get; init; }
}
