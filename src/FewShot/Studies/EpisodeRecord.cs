using System.Globalization;
using System.Text.Json;
using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Studies;

/// <summary>What the records of all trainings on episodes hold in common.</summary>
internal static class EpisodeRecord
{
    /// <summary>The record of a training whose test classes have not been looked at.</summary>
    /// <param name="split">The classes.</param>
    /// <param name="subject">Method, ways and shots.</param>
    /// <param name="trainedOn">What follows the name of the training classes in the protocol.</param>
    /// <param name="seed">Of weights and training episodes; the validation episodes have the next one.</param>
    /// <param name="options">The settings, by name.</param>
    /// <param name="account">The parts of the training.</param>
    public static RunRecord Unjudged(
        ClassSplit split,
        string subject,
        string trainedOn,
        long seed,
        IReadOnlyDictionary<string, JsonElement> options,
        TrainingAccount account)
    {
        var results = new Dictionary<string, double>();
        account.AddTo(results);
        return RunRecord.Capture($"{split.Train.Name}: {subject}") with
        {
            Protocol = $"Trained on {split.Train.Name}{trainedOn}; the weights kept are the best on {split.Validation.Name}. {account}.",
            Data = new[] { split.Train, split.Validation }.ToDictionary(set => set.Name, set => set.Digest),
            UsesStandIn = split.Train.IsStandIn,
            Seeds = new Dictionary<string, long>
            {
                ["weights and training episodes"] = seed,
                ["validation episodes"] = seed + 1,
            },
            Options = options,
            Results = results,
        };
    }

    /// <summary>The record with the accuracies on frozen test episodes added.</summary>
    /// <param name="unjudged">The record of the training.</param>
    /// <param name="test">The images of the test classes.</param>
    /// <param name="list">The episodes.</param>
    /// <param name="how">How the queries were asked, for the protocol.</param>
    /// <param name="accuracies">In each way of asking.</param>
    public static RunRecord Judged(
        RunRecord unjudged,
        ImageSet test,
        EpisodeList list,
        string how,
        IEnumerable<(Judgement Judgement, EpisodeAccuracy Accuracy)> accuracies)
    {
        var results = new Dictionary<string, double>(unjudged.Results) { [OmniglotStudy.Episodes] = list.Count };
        foreach (var (judgement, accuracy) in accuracies)
            RecordedMean.Put(results, judgement.Name, accuracy.Mean, accuracy.Interval);
        return unjudged with
        {
            Protocol = $"{unjudged.Protocol} Judged once on {list.Count} frozen episodes of {test.Name}: {list.Options}; {how}.",
            Data = unjudged.Data.Append(new(test.Name, test.Digest)).Append(new(OmniglotStudy.Episodes, list.Digest)).ToDictionary(),
            Seeds = new Dictionary<string, long>(unjudged.Seeds) { [OmniglotStudy.Episodes] = list.Seed },
            Results = results,
        };
    }

    /// <summary>"Maml, 5-way 1-shot".</summary>
    public static string Subject(MetaMethod method, int way, int shot) =>
        string.Create(CultureInfo.InvariantCulture, $"{method}, {way}-way {shot}-shot");
}
