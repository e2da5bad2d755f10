using FewShot.Course;
using FewShot.Data;
using FewShot.Metric;

namespace FewShot.Studies;

/// <summary>
/// Omniglot's test characters, upright, as the course's prototypical network sees them: as they are, mirrored, and turned by half.
/// </summary>
public sealed class TwinMaterial : IDisposable
{
    private TwinMaterial(ImageSet characters, IReadOnlyDictionary<string, TwinCharacters> byChange) =>
        (Characters, ByChange) = (characters, byChange);

    /// <summary>The characters, none of which the network was trained on or chosen by.</summary>
    public ImageSet Characters { get; }

    /// <summary>The characters under each change: "mirrored" and "turned".</summary>
    public IReadOnlyDictionary<string, TwinCharacters> ByChange { get; }

    /// <summary>Embeds all drawings: seconds.</summary>
    /// <exception cref="Runtime.FewShotException">The program does not run inside a copy of the course, or a file is damaged.</exception>
    public static TwinMaterial Open()
    {
        using var material = OmniglotMaterial.Open();
        using var kept = KeptLearner.Prototypical();
        var learner = (MetricLearner)kept.Learner;
        // The split also holds each character turned, as classes of their own.
        var test = material.Split.Test;
        var characters = test.SelectClasses([.. test.ClassNames.Where(name => !name.Contains(", turned by", StringComparison.Ordinal))]);
        return new TwinMaterial(characters, new Dictionary<string, TwinCharacters>
        {
            ["mirrored"] = TwinCharacters.Of(characters, learner, images => images.flip(3)),
            ["turned"] = TwinCharacters.Of(characters, learner, images => images.rot90(2, (2, 3))),
        });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Characters.Dispose();
        foreach (var twins in ByChange.Values)
            twins.Dispose();
    }
}
