using System.Globalization;

namespace FewShot.Meta;

/// <summary>One point of a training's history.</summary>
/// <param name="Iteration">Meta-batches done.</param>
/// <param name="Loss">Mean query loss over the meta-batches since the last point.</param>
/// <param name="ValidationLoss">Mean query loss of the validation tasks after the learner's evaluation steps, or null.</param>
/// <param name="ValidationAccuracy">Their accuracy, 0 to 1, or null.</param>
public sealed record MetaPoint(long Iteration, double Loss, double? ValidationLoss, double? ValidationAccuracy)
{
    /// <summary>"iteration 500: loss 0.423, validation 0.912".</summary>
    public override string ToString()
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"iteration {Iteration}: loss {Loss:0.000}");
        return (ValidationAccuracy ?? ValidationLoss) is { } validation
            ? text + string.Create(CultureInfo.InvariantCulture, $", validation {validation:0.000}")
            : text;
    }
}
