namespace FewShot.Trials;

/// <summary>What the answers of a method are made from. What is not known is null, and is not compared.</summary>
/// <param name="Weights">What the weights are, for outputs: "Conv4, SHA-256 1a2b3c4d".</param>
/// <param name="Images">SHA-256 of images and labels of the set that it answers about.</param>
/// <param name="Frame">SHA-256 of labels and class names of that set, as <see cref="Episodes.EpisodeList.Frame"/> has it.</param>
public sealed record MethodSource(string? Weights = null, string? Images = null, string? Frame = null)
{
    /// <summary>Nothing is known.</summary>
    public static MethodSource Unknown { get; } = new();
}
