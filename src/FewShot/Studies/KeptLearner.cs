using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>
/// A learner whose training the course keeps in <c>data/meta</c>: 5-way 1-shot Omniglot, with the record of its making. Owns the
/// learner.
/// </summary>
public sealed class KeptLearner : IDisposable
{
    private const string LongTraining = "omniglot-5way-1shot-maml-long";

    private KeptLearner(string name, MetaMethod method, EpisodicLearner learner, RunRecord record)
    {
        (Name, Learner, Record) = (name, learner, record);
        (Judgements, Published) = (OmniglotStudy.Judgements(method), PublishedEpisodes.Of(method));
        Account = TrainingAccount.Of(record);
    }

    /// <summary>As a table calls it: "first-order MAML".</summary>
    public string Name { get; }

    /// <summary>The learner with the kept weights loaded, ready to learn from a support.</summary>
    public EpisodicLearner Learner { get; }

    /// <summary>How it was trained, and how it was judged on the frozen test episodes.</summary>
    public RunRecord Record { get; }

    /// <summary>The ways in which it was judged.</summary>
    public IReadOnlyList<Judgement> Judgements { get; }

    /// <summary>How its weights came to be.</summary>
    public TrainingAccount Account { get; }

    /// <summary>What was published for this method; null where nothing was for 5-way 1-shot.</summary>
    public PublishedEpisodes? Published { get; }

    /// <summary>
    /// The learners that adapt their weights, all trained on equally many episodes with the same augmentation; in the order of
    /// <see cref="MetaMethod"/>.
    /// </summary>
    /// <exception cref="FewShotException">The program does not run inside a copy of the course, or a file is missing or
    /// damaged.</exception>
    public static IReadOnlyList<KeptLearner> EqualTraining() =>
        [.. Enum.GetValues<MetaMethod>().Where(method => method != MetaMethod.PrototypicalNetwork).Select(Kept)];

    /// <summary>The prototypical network, trained on as many episodes as those of <see cref="EqualTraining"/>, but larger ones.</summary>
    /// <inheritdoc cref="EqualTraining"/>
    public static KeptLearner Prototypical() => Kept(MetaMethod.PrototypicalNetwork);

    /// <summary>MAML after a much longer training.</summary>
    /// <inheritdoc cref="EqualTraining"/>
    public static KeptLearner LongTrained() => Load("MAML, trained for longer", MetaMethod.Maml, LongTraining);

    /// <summary>Accuracy of the learner on the frozen test episodes, from the record.</summary>
    /// <exception cref="FewShotException">The record holds none.</exception>
    public Estimate Accuracy(Judgement judgement) =>
        OmniglotStudy.Accuracy(Record, judgement)
            ?? throw new FewShotException($"The record of {Name} holds no accuracy that is {judgement.Name}.");

    /// <inheritdoc/>
    public void Dispose() => Learner.Dispose();

    /// <summary>The name of a method as it stands in a sentence.</summary>
    public static string Title(MetaMethod method) => method switch
    {
        MetaMethod.Maml => "MAML",
        MetaMethod.FirstOrderMaml => "first-order MAML",
        MetaMethod.Anil => "ANIL",
        MetaMethod.Reptile => "Reptile",
        MetaMethod.PrototypicalNetwork => "prototypical network",
        _ => throw new FewShotException($"There is no method {method}."),
    };

    private static KeptLearner Kept(MetaMethod method) =>
        Load(Title(method), method, OmniglotStudy.Name(new OmniglotStudyOptions { Method = method }));

    private static KeptLearner Load(string title, MetaMethod method, string name)
    {
        var record = MetaWeights.RecordOf(MetaWeights.Folder, name)
            ?? throw new FewShotException(
                $"{MetaWeights.WeightsPath(MetaWeights.Folder, name)} or its record is missing: take both from the repository.");
        var options = new OmniglotStudyOptions { Method = method };
        var learner = OmniglotStudy.Learner(new Conv4(Conv4Options.Omniglot with { Ways = options.Way }), options);
        learner.Load(MetaWeights.WeightsPath(MetaWeights.Folder, name));
        return new KeptLearner(title, method, learner, record);
    }
}
