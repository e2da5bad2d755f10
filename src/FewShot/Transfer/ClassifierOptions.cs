using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>Settings of <see cref="Classifier"/>.</summary>
public sealed record ClassifierOptions : ClassifierSettings
{
    /// <summary>
    /// Side in pixels of the square that each photo becomes, 32 to 1024. The default is the size that ImageNet's networks are trained at;
    /// half of it takes a quarter of the time.
    /// </summary>
    public int Size { get; init; } = 224;

    /// <summary>Whether the features of each photo are averaged with those of its mirror image.</summary>
    public bool Mirrored { get; init; } = true;

    /// <inheritdoc/>
    internal override string Example => "photo";

    /// <inheritdoc/>
    internal override string Counted => "image";

    /// <inheritdoc/>
    internal override void Check(string owner)
    {
        if (Size is < 32 or > 1024)
            throw new FewShotException($"{owner}: {nameof(Size)} must be from 32 to 1024 pixels; found {Size}.");
        base.Check(owner);
    }
}
