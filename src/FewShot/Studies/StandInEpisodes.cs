using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>Few-shot tasks drawn from features: how well the nearest class mean names images of classes it saw a few images of.</summary>
internal static class StandInEpisodes
{
    private const int Way = 5;
    private const int Queries = 15;

    // One direction for all: the length of a feature vector says little about the class.
    public static readonly NearestCentroidOptions Normalised = new() { Scaling = FeatureScaling.Normalise };

    /// <summary>The accuracy of each of a number of 5-way tasks with 15 queries per class.</summary>
    /// <param name="bank">Features of images of at least five classes.</param>
    /// <param name="shot">Support images per class.</param>
    /// <param name="episodes">Number of tasks.</param>
    /// <param name="seed">Chooses classes and images.</param>
    public static EpisodeAccuracy Measure(FeatureBank bank, int shot, int episodes, long seed)
    {
        var rows = bank.Labels.data<long>().ToArray().Index().GroupBy(pair => pair.Item, pair => (long)pair.Index).Select(group => group.ToArray()).ToArray();
        var random = new StableRandom(seed);
        var accuracies = new double[episodes];
        for (var episode = 0; episode < episodes; episode++)
        {
            random.Draw<long[]>(rows, Way);
            foreach (var members in rows.AsSpan(0, Way))
                random.Draw<long>(members, shot + Queries);
            accuracies[episode] = Accuracy(bank.Features, Take(rows, 0, shot), Take(rows, shot, Queries));
        }

        return new EpisodeAccuracy(accuracies, seed);
    }

    private static long[] Take(long[][] rows, int from, int count) =>
        [.. rows.Take(Way).SelectMany(members => members.AsSpan(from, count).ToArray())];

    private static double Accuracy(torch.Tensor features, long[] support, long[] query)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(Way, torch.int64);
        using var head = NearestCentroid.Fit(Rows(features, support), labels.repeat_interleave(support.Length / Way), Way, Normalised);
        return head.Scores(Rows(features, query)).argmax(1).eq(labels.repeat_interleave(query.Length / Way)).to(torch.float64).mean().item<double>();
    }

    private static torch.Tensor Rows(torch.Tensor features, long[] positions) => features.index_select(0, torch.tensor(positions, torch.int64));
}
