using FewShot.Course;

namespace FewShot.Studies;

/// <summary>
/// A published accuracy on 5-way 1-shot episodes of Omniglot: transductive, one query of each class together, characters split at random.
/// </summary>
/// <param name="Figure">The accuracy and where it stands.</param>
/// <param name="Training">What its authors trained on.</param>
public sealed record PublishedEpisodes(Published Figure, string Training)
{
    /// <summary>What was published for a method; null where nothing was (ANIL's authors report other ways and shots).</summary>
    public static PublishedEpisodes? Of(MetaMethod method) => method switch
    {
        MetaMethod.Maml => new(Published.Maml5Way1Shot, "60,000 meta-steps of 32 episodes"),
        MetaMethod.FirstOrderMaml => new(Published.FirstOrder5Way1Shot, "not said beside the figure"),
        MetaMethod.Reptile => new(Published.Reptile5Way1Shot, "100,000 meta-steps of 5 episodes"),
        _ => null,
    };
}
