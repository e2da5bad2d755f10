using FewShot.Episodes;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="FrozenEpisodesStudy"/>; the defaults are the field's usual protocol, with the intervals of 2,000
/// episodes.</summary>
public sealed record FrozenEpisodesOptions
{
    /// <summary>Sizes of the images to choose from, in pixels; each at least 1.</summary>
    public IReadOnlyList<int> Sizes { get; init; } = [96, 128, 160];

    /// <summary>Classes of an episode.</summary>
    public int Way { get; init; } = 5;

    /// <summary>Support images of each class: a part of the table for each.</summary>
    public IReadOnlyList<int> Shots { get; init; } = [1, 5];

    /// <summary>Query images of each class.</summary>
    public int Queries { get; init; } = 15;

    /// <summary>Images of each training class whose mean feature is taken away; see <see cref="Heads.EpisodeTransform.CL2N"/>.</summary>
    public int BaseImagesPerClass { get; init; } = 20;

    /// <summary>Episodes of validation classes that settings are compared on.</summary>
    public int ValidationEpisodes { get; init; } = 600;

    /// <summary>Episodes of test classes.</summary>
    public int TestEpisodes { get; init; } = 2000;

    /// <summary>Seed of the validation episodes and of the images whose mean is taken.</summary>
    public long Seed { get; init; }

    /// <summary>Seed of the test episodes.</summary>
    public long TestSeed { get; init; } = 20261127;

    internal EpisodeOptions Form(int shot) => new(Way, shot, Queries);

    internal void Check()
    {
        if (Sizes.Count == 0 || Shots.Count == 0 || Sizes.Any(size => size < 1) || BaseImagesPerClass < 1
            || ValidationEpisodes < 2 || TestEpisodes < 2)
        {
            throw new FewShotException(
                "The study of frozen backbones needs at least one size and one number of shots, sizes and images of each training class of "
                + $"at least 1, and at least 2 episodes; found sizes [{string.Join(", ", Sizes)}], shots [{string.Join(", ", Shots)}], "
                + $"{BaseImagesPerClass} images, {ValidationEpisodes} and {TestEpisodes} episodes.");
        }
    }
}
