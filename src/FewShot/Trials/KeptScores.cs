using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Trials;

/// <summary>The scores of the queries of the first episodes of a trial, with the true labels: what calibration and the like need.</summary>
public sealed class KeptScores
{
    private readonly float[] scores;
    private readonly long[] labels;

    internal KeptScores(float[] scores, long[] labels, int way, int queriesOfAnEpisode)
    {
        (this.scores, this.labels) = (scores, labels);
        (Way, QueriesOfAnEpisode) = (way, queriesOfAnEpisode);
    }

    /// <summary>Number of classes.</summary>
    public int Way { get; }

    /// <summary>Queries of each episode.</summary>
    public int QueriesOfAnEpisode { get; }

    /// <summary>Number of queries.</summary>
    public int Count => labels.Length;

    /// <summary>Number of episodes that they are of.</summary>
    public int Episodes => Count / QueriesOfAnEpisode;

    /// <summary>The scores and labels of some episodes.</summary>
    /// <param name="first">The first of them, from 0.</param>
    /// <param name="count">How many, at least 1.</param>
    /// <returns>float32, N x way, and int64, N, on the CPU, both the caller's to dispose.</returns>
    /// <exception cref="FewShotException">So many are not kept.</exception>
    public (torch.Tensor Scores, torch.Tensor Labels) Of(int first, int count)
    {
        if (first < 0 || count < 1 || (long)first + count > Episodes)
        {
            throw new FewShotException(
                $"The scores of {Episodes} episodes are kept; asked for {count} from number {first} on (counted from 0). "
                + "EvaluatorOptions.KeptQueries says how many are kept.");
        }

        var (start, end) = (first * QueriesOfAnEpisode, (first + count) * QueriesOfAnEpisode);
        return (torch.tensor(scores[(start * Way)..(end * Way)], [end - start, Way]), torch.tensor(labels[start..end]));
    }

    /// <summary>The answers of all kept episodes; their classes are called by their labels, 0 to way - 1.</summary>
    /// <exception cref="FewShotException">None are kept.</exception>
    public Predictions Predictions()
    {
        using var scope = torch.NewDisposeScope();
        var (rows, truth) = Of(0, Math.Max(1, Episodes));
        return new Predictions(rows, truth, [.. Enumerable.Range(0, Way).Select(label => $"label {label}")]);
    }
}
