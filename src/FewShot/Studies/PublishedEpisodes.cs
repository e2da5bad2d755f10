namespace FewShot.Studies;

/// <summary>A published accuracy on 5-way 1-shot episodes of Omniglot, transductive, with what its protocol differs in from the course's.</summary>
/// <param name="Figure">The accuracy and where it stands.</param>
/// <param name="Differs">What its authors did otherwise.</param>
public sealed record PublishedEpisodes(Published Figure, string Differs)
{
    private const string RandomSplit = "characters split at random instead of by alphabet";

    /// <summary>MAML.</summary>
    public static PublishedEpisodes Maml { get; } = new(
        new(0.987, "Finn and others 2017, table 1"), $"60,000 meta-steps of 32 episodes; {RandomSplit}; one query of each class in a batch");

    /// <summary>First-order MAML.</summary>
    public static PublishedEpisodes FirstOrderMaml { get; } = new(
        new(0.983, "Nichol and others 2018, table 2"), $"as MAML's; {RandomSplit}; one query of each class in a batch");

    /// <summary>Reptile.</summary>
    public static PublishedEpisodes Reptile { get; } = new(
        new(0.9768, "Nichol and others 2018, table 2"), $"100,000 meta-steps of 5 episodes; {RandomSplit}; one query of each class in a batch");

    /// <summary>What was published for a method; null where nothing was (ANIL's authors report other ways and shots).</summary>
    public static PublishedEpisodes? Of(MetaMethod method) => method switch
    {
        MetaMethod.Maml => Maml,
        MetaMethod.FirstOrderMaml => FirstOrderMaml,
        MetaMethod.Reptile => Reptile,
        _ => null,
    };
}
