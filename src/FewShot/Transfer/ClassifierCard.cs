using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>What a classifier knows beside its numbers: the text part of its file.</summary>
internal sealed record ClassifierCard
{
    /// <summary>The name of each class, in ordinal order.</summary>
    public required IReadOnlyList<string> ClassNames { get; init; }

    /// <summary>Examples that each class was learnt from.</summary>
    public required IReadOnlyList<int> Examples { get; init; }

    /// <summary>What the head is called.</summary>
    public required string Head { get; init; }

    /// <summary>Why it was chosen.</summary>
    public required string Reason { get; init; }

    /// <summary>What scores are divided by before the softmax.</summary>
    public required double Temperature { get; init; }

    /// <summary>When an example is refused.</summary>
    public required RejectionThreshold? Threshold { get; init; }

    /// <summary>Examples that were right in cross-validation; null where there was none.</summary>
    public required int? Correct { get; init; }

    /// <summary>Whether vectors get length 1 after centring.</summary>
    public required bool Normalises { get; init; }

    /// <summary>Length of a feature vector.</summary>
    public required int FeatureCount { get; init; }

    /// <summary>The backbone, in words.</summary>
    public required string Backbone { get; init; }

    /// <summary>SHA-256 of its weights.</summary>
    public required string BackboneDigest { get; init; }

    /// <summary>How pixels or letters become input, as a key.</summary>
    public required string Preprocessing { get; init; }

    /// <summary>The settings.</summary>
    public required ClassifierSettings Options { get; init; }

    /// <summary>Number of examples.</summary>
    public int ExampleCount() => Examples.Sum();

    /// <exception cref="FewShotException">A value is one that no training gives.</exception>
    public void Check(string owner)
    {
        Runtime.ClassNames.Check(owner, ClassNames);
        Options.Check(owner);
        if (ClassNames.Count < 2
            || Examples.Count != ClassNames.Count
            || Examples.Any(count => count < 1)
            || Examples.Sum(count => (long)count) > int.MaxValue
            || !(Temperature > 0 && double.IsFinite(Temperature))
            || (Threshold is { } threshold
                && !(double.IsFinite(threshold.Score) && threshold.Acceptance > 0 && threshold.Acceptance < 1))
            || Correct < 0 || Correct > ExampleCount()
            || FeatureCount < 1)
        {
            throw new FewShotException($"{owner}: a value of it is one that no training gives. It is damaged; train it again.");
        }
    }
}
