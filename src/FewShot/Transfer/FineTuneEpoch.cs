using System.Globalization;

namespace FewShot.Transfer;

/// <summary>What one epoch of fine-tuning brought.</summary>
/// <param name="Epoch">From 1.</param>
/// <param name="TrainingLoss">Mean cross-entropy of the batches as they were met, varied and smoothed.</param>
/// <param name="ValidationLoss">Mean cross-entropy of the validation images after the epoch, or null without any.</param>
/// <param name="ValidationCorrect">Validation images classified rightly, or null without any.</param>
public sealed record FineTuneEpoch(int Epoch, double TrainingLoss, double? ValidationLoss, long? ValidationCorrect)
{
    /// <summary>"epoch 3: loss 0.512, validation loss 0.634, 87 right".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"epoch {Epoch}: loss {TrainingLoss:0.000}")
        + (ValidationLoss is null
            ? string.Empty
            : string.Create(CultureInfo.InvariantCulture, $", validation loss {ValidationLoss:0.000}, {ValidationCorrect} right"));
}
