namespace FewShot.Studies;

/// <summary>How the stand-in backbone is trained; the defaults made the committed weights, in minutes on two CPU cores.</summary>
public sealed record StandInOptions
{
    /// <summary>Chooses weights, images and episodes.</summary>
    public long Seed { get; init; }

    /// <summary>Passes, each over new images that were never seen before.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images of each base class in an epoch.</summary>
    public int ImagesPerClass { get; init; } = 100;

    /// <summary>Images in a step.</summary>
    public int BatchSize { get; init; } = 64;

    /// <summary>AdamW's step size at its highest; it rises over the first epoch and falls to 0 along a cosine.</summary>
    public double LearningRate { get; init; } = 3e-3;

    /// <summary>AdamW's weight decay.</summary>
    public double WeightDecay { get; init; } = 0.02;

    /// <summary>Few-shot tasks of the validation classes that choose the checkpoint after every epoch.</summary>
    public int ValidationEpisodes { get; init; } = 300;

    /// <summary>Few-shot tasks of the novel classes that the reported accuracies are means of.</summary>
    public int NovelEpisodes { get; init; } = 1000;
}
