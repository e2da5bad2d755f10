namespace FewShot.Vision;

/// <summary>
/// How many of the <see cref="RandAugment"/> operations follow one another, and how strong they are: the two numbers that remain of a
/// searched policy (Cubuk et al. 2020, "RandAugment: Practical automated data augmentation with a reduced search space").
/// </summary>
public sealed record RandAugmentOptions
{
    /// <summary>Operations for each image, drawn with replacement, 1 to 14.</summary>
    public int Operations { get; init; } = 2;

    /// <summary>Strength M of every operation, 0 to 30.</summary>
    public double Magnitude { get; init; } = 9;
}
