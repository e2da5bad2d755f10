namespace FewShot.Text;

/// <summary>How texts are varied; the share is the paper's for a few hundred texts (Wei and Zou 2019, table 3).</summary>
public sealed record TextAugmentationOptions
{
    /// <summary>The changes; each copy undergoes one of them, in turn.</summary>
    public IReadOnlyList<TextChange> Changes { get; init; } =
        [TextChange.Replace, TextChange.Insert, TextChange.Swap, TextChange.Delete];

    /// <summary>Share of the words that change, above 0 to 1; at least one word does.</summary>
    public double Share { get; init; } = 0.05;

    /// <summary>Varied copies of each text, at least 1.</summary>
    public int Copies { get; init; } = 4;

    /// <summary>Decides what changes.</summary>
    public long Seed { get; init; }
}
