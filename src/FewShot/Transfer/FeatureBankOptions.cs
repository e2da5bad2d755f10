using System.Text.Json;
using FewShot.Vision;

namespace FewShot.Transfer;

/// <summary>Settings of <see cref="FeatureBank"/>.</summary>
public sealed record FeatureBankOptions
{
    /// <summary>
    /// Images that pass the backbone together, at least 1; 128 is fastest on a CPU, and keeps memory small. Features do not depend on it.
    /// </summary>
    public int ChunkSize { get; init; } = 128;

    /// <summary>Whether each image's mirror image is a second view.</summary>
    public bool Mirrored { get; init; }

    /// <summary>Further views of each image, varied by <see cref="Augmentation"/>; for training images only.</summary>
    public int AugmentedViews { get; init; }

    /// <summary>How those are varied.</summary>
    public AugmentationOptions Augmentation { get; init; } = new();

    /// <summary>Seed of the random variation of augmented views.</summary>
    public long Seed { get; init; }

    /// <summary>Views of each image in all.</summary>
    internal int ViewCount => 1 + (Mirrored ? 1 : 0) + AugmentedViews;

    /// <summary>What the views are; part of the key.</summary>
    internal string Key => "image" + (Mirrored ? ", mirror image" : string.Empty)
        + (AugmentedViews > 0 ? $", {AugmentedViews} varied by seed {Seed} with {JsonSerializer.Serialize(Augmentation)}" : string.Empty);
}
