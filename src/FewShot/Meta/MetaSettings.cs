using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Meta;

/// <summary>What every learner's options have in common.</summary>
internal sealed record MetaSettings(int InnerSteps, int EvaluationSteps, BatchNormMode BatchNorm, int? ChunkSize, double? GradientClip)
{
    public void Check()
    {
        if (InnerSteps < 1 || EvaluationSteps < 0 || ChunkSize < 1)
            throw new FewShotException($"InnerSteps and ChunkSize must be at least 1 and EvaluationSteps at least 0; found {InnerSteps}, {ChunkSize} and {EvaluationSteps}.");
        if (GradientClip is { } clip && !(clip > 0 && double.IsFinite(clip)))
            throw new FewShotException($"GradientClip must be a finite number above 0, or null; found {clip}.");
        if (!Enum.IsDefined(BatchNorm))
            throw new FewShotException($"There is no BatchNorm mode {BatchNorm}.");
    }

    /// <summary>A learning rate that can be used.</summary>
    public static double Rate(double rate) => rate >= 0 && double.IsFinite(rate) ? rate : throw new FewShotException($"A learning rate is a finite number of at least 0; found {rate}.");

    /// <summary>An order that has a gradient of the query loss.</summary>
    public static GradientOrder Differentiable(GradientOrder order) => order is GradientOrder.First or GradientOrder.Second
        ? order
        : throw new FewShotException($"The order of a meta-gradient is First or Second; found {order}.");
}
