using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="NamesStudy"/>.</summary>
public sealed record NamesOptions
{
    /// <summary>Size of the images in pixels, at least 1: what <see cref="FrozenEpisodesStudy"/> chose on validation classes.</summary>
    public int Size { get; init; } = 160;

    /// <summary>Classes of an episode; choices are made with the first.</summary>
    public IReadOnlyList<int> Ways { get; init; } = [5, 20];

    /// <summary>Support images of each class; without any (0 shots) is judged on the episodes of the first.</summary>
    public IReadOnlyList<int> Shots { get; init; } = [1, 5];

    /// <summary>Query images of each class.</summary>
    public int Queries { get; init; } = 15;

    /// <summary>Images of each training class: of their features are the prototypes that names are mapped to, and the centre.</summary>
    public int BaseImagesPerClass { get; init; } = 100;

    /// <summary>Strengths of the ridge regression to choose from, each above 0.</summary>
    public IReadOnlyList<double> Strengths { get; init; } = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

    /// <summary>Shares of the images in a prototype to choose from, each 0 to 1.</summary>
    public IReadOnlyList<double> ImageShares { get; init; } = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

    /// <summary>
    /// A class has a counterpart in ImageNet where one of ImageNet's names contains its name as whole words, or where the cosine of the
    /// vectors of the two names is at least this.
    /// </summary>
    public double CounterpartCosine { get; init; } = 0.6;

    /// <summary>Episodes of validation classes that choices are made on.</summary>
    public int ValidationEpisodes { get; init; } = 600;

    /// <summary>Episodes of test classes, of each form.</summary>
    public int TestEpisodes { get; init; } = 2000;

    /// <summary>Seed of the validation episodes and of the training images.</summary>
    public long Seed { get; init; }

    /// <summary>Seed of the test episodes: that of <see cref="FrozenEpisodesStudy"/>, so that the 5-way lists are the same.</summary>
    public long TestSeed { get; init; } = 20261127;

    internal void Check()
    {
        if (Ways.Count == 0 || Shots.Count == 0 || Strengths.Count == 0 || ImageShares.Count == 0 || Size < 1 || BaseImagesPerClass < 1
            || ValidationEpisodes < 2 || TestEpisodes < 2)
        {
            throw new FewShotException(
                "The study of names needs ways, shots, strengths and shares, a size and images of each training class of at least 1, "
                + $"and at least 2 episodes; found {Ways.Count} ways, {Shots.Count} shots, {Strengths.Count} strengths, "
                + $"{ImageShares.Count} shares, size {Size}, {BaseImagesPerClass} images, {ValidationEpisodes} and {TestEpisodes} "
                + "episodes.");
        }
    }
}
