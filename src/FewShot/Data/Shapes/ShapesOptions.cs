namespace FewShot.Data;

/// <summary>How many images <see cref="Shapes"/> draws.</summary>
public sealed record ShapesOptions
{
    /// <summary>Chooses the images; the classes and their split stay the same.</summary>
    public long Seed { get; init; }

    /// <summary>Images of each base class.</summary>
    public int BasePerClass { get; init; } = 100;

    /// <summary>Images of each validation class.</summary>
    public int ValidationPerClass { get; init; } = 100;

    /// <summary>Images of each novel class.</summary>
    public int NovelPerClass { get; init; } = 100;
}

/// <summary>Generated images in three parts that share no class.</summary>
/// <param name="Base">For training a backbone.</param>
/// <param name="Validation">For every choice.</param>
/// <param name="Novel">For the results.</param>
public sealed record ShapesSplits(ImageSet Base, ImageSet Validation, ImageSet Novel) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Base.Dispose();
        Validation.Dispose();
        Novel.Dispose();
    }
}
