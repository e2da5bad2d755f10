namespace FewShot.Transfer;

/// <summary>Settings of <see cref="FeatureBank"/>.</summary>
public sealed record FeatureBankOptions
{
    /// <summary>Images that pass the backbone together, at least 1; 128 is fastest on a CPU, and keeps memory small.</summary>
    public int ChunkSize { get; init; } = 128;

    /// <summary>Whether each image's mirror image is a second view.</summary>
    public bool Mirrored { get; init; }

    /// <summary>What the views are; part of the key.</summary>
    internal string Key => Mirrored ? "image, mirror image" : "image";
}
