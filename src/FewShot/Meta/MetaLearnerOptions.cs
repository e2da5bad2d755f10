using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>Settings that every <see cref="MetaLearner"/> has.</summary>
public abstract record MetaLearnerOptions
{
    /// <summary>Inner steps in training, at least 1.</summary>
    public int InnerSteps { get; init; } = 1;

    /// <summary>Inner steps in evaluation, unless asked for otherwise; at least 0.</summary>
    public int EvaluationSteps { get; init; } = 1;

    /// <summary>
    /// How query examples are normalised in evaluation unless asked for otherwise, and in training where it looks at them.
    /// </summary>
    public BatchNormMode BatchNorm { get; init; } = BatchNormMode.Transductive;

    /// <summary>
    /// Tasks computed together, at least 1: null lets model and device decide; 1 is the plain loop, one task after
    /// another, each on all threads.
    /// </summary>
    public int? ChunkSize { get; init; }

    /// <summary>Refuses a value that is out of range.</summary>
    /// <exception cref="FewShotException">The message names the setting and what was found.</exception>
    internal virtual void Check()
    {
        if (InnerSteps < 1 || EvaluationSteps < 0 || ChunkSize < 1)
        {
            throw new FewShotException(
                "InnerSteps and ChunkSize must be at least 1 and EvaluationSteps at least 0; "
                + $"found {InnerSteps}, {ChunkSize} and {EvaluationSteps}.");
        }

        if (!Enum.IsDefined(BatchNorm))
            throw new FewShotException($"There is no BatchNorm mode {BatchNorm}.");
    }

    /// <summary>Refuses a learning rate that is no finite number of at least 0.</summary>
    internal static void CheckRate(double rate)
    {
        if (!(rate >= 0 && double.IsFinite(rate)))
            throw new FewShotException($"A learning rate is a finite number of at least 0; found {rate}.");
    }
}
