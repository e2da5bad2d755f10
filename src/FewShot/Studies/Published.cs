namespace FewShot.Studies;

/// <summary>Published figures that the course prints beside its own, each with its source.</summary>
/// <param name="Accuracy">As a share, 0 to 1.</param>
/// <param name="Source">What it is and where it stands.</param>
public sealed record Published(double Accuracy, string Source)
{
    /// <summary>The state of the art with the same labels and no other data: 50 of each class, trained from scratch.</summary>
    public static Published FromScratchWith50Labels { get; } = new(
        0.5822,
        "Wide ResNet-16-8 from scratch, 50 labels of each class, ciFAIR-10 (Brigato et al., Data-Efficient Image Classification benchmark)");

    /// <summary>"58.2 % (source)".</summary>
    public override string ToString() => FormattableString.Invariant($"{100 * Accuracy:0.0} % ({Source})");
}
