using FewShot.Runtime;

namespace FewShot.Transfer;

/// <summary>Settings of <see cref="Classifier"/>; the head and its strength are not among them, since it chooses those itself.</summary>
public sealed record ClassifierOptions
{
    /// <summary>
    /// Side in pixels of the square that each photo becomes, 32 to 1024. The default is the size that ImageNet's networks are trained at;
    /// half of it takes a quarter of the time.
    /// </summary>
    public int Size { get; init; } = 224;

    /// <summary>Whether the features of each photo are averaged with those of its mirror image.</summary>
    public bool Mirrored { get; init; } = true;

    /// <summary>The share of photos of its own classes that the classifier should not refuse, above 0 and below 1.</summary>
    public double Acceptance { get; init; } = 0.95;

    /// <summary>Folds of the cross-validation, at least 2; no more than the rarest class has photos are used.</summary>
    public int Folds { get; init; } = 5;

    /// <exception cref="FewShotException">A setting is out of range.</exception>
    internal void Check(string owner)
    {
        if (Size is < 32 or > 1024)
            throw new FewShotException($"{owner}: {nameof(Size)} must be from 32 to 1024 pixels; found {Size}.");
        if (!(Acceptance > 0 && Acceptance < 1))
        {
            throw new FewShotException(FormattableString.Invariant(
                $"{owner}: {nameof(Acceptance)} must lie between 0 and 1; found {Acceptance}."));
        }

        if (Folds < 2)
            throw new FewShotException($"{owner}: {nameof(Folds)} must be at least 2; found {Folds}.");
    }
}
