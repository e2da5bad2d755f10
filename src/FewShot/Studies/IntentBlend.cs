using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// Sentence vectors and n-grams together: what a text means, and which words it uses. Each has a head of its own; the scores are added,
/// with a weight that is chosen on labelled texts held out of both heads.
/// </summary>
internal static class IntentBlend
{
    private const int Folds = 3;

    // Of the n-grams' ridge scores, about 0 to 1, beside the logarithms of probabilities; 0 leaves them out.
    private static readonly double[] Weights = [0, 1, 2, 4, 8, 16];

    /// <summary>Fits both heads and the weight to labelled texts, and judges them.</summary>
    /// <param name="sentences">Vectors of labelled texts; those after the first <paramref name="questions"/> are names of classes, which
    /// are never held out.</param>
    /// <param name="ngrams">The n-grams of the same texts.</param>
    /// <param name="questions">How many of them are questions.</param>
    /// <param name="penalties">Penalties of the logistic regression to choose from.</param>
    /// <param name="askedSentences">Vectors of the texts to judge on.</param>
    /// <param name="askedNgrams">Their n-grams.</param>
    public static Accuracy Judge(
        FeatureBank sentences,
        FeatureBank ngrams,
        int questions,
        LogisticRegressionOptions penalties,
        FeatureBank askedSentences,
        FeatureBank askedNgrams)
    {
        using var meaning = LogisticRegression.Fit(sentences, penalties);
        using var words = RidgeHead.Fit(ngrams);
        var weight = Choose(sentences, ngrams, questions, penalties with { Strengths = [meaning.Strength] }, words.Strength);
        var right = Right(meaning.Head, words, askedSentences, askedNgrams, [weight])[0];
        return new Accuracy(right, askedSentences.Count) { Example = "text" };
    }

    /// <summary>The smallest weight of those that answer most texts rightly when each third is held out in turn.</summary>
    private static double Choose(
        FeatureBank sentences, FeatureBank ngrams, int questions, LogisticRegressionOptions penalty, double ridge)
    {
        var folds = StratifiedFolds.Assign(sentences.Labels.data<long>().ToArray()[..questions], Folds);
        var right = new long[Weights.Length];
        for (var fold = 0; fold < Folds; fold++)
        {
            var everything = Enumerable.Range(0, sentences.Count).Select(row => (long)row).ToList();
            var held = everything.Where(row => row < questions && folds[row] == fold).ToList();
            long[] kept = [.. everything.Except(held)];
            using var keptSentences = sentences.Select(kept);
            using var keptNgrams = ngrams.Select(kept);
            using var heldSentences = sentences.Select(held);
            using var heldNgrams = ngrams.Select(held);
            using var meaning = LogisticRegression.Fit(keptSentences, penalty);
            using var words = RidgeHead.Fit(keptNgrams, new() { Strengths = [ridge] });
            foreach (var (at, count) in Right(meaning.Head, words, heldSentences, heldNgrams, Weights).Index())
                right[at] += count;
        }

        return Weights[Array.IndexOf(right, right.Max())];
    }

    private static long[] Right(
        IHead meaning, IHead words, FeatureBank sentences, FeatureBank ngrams, IReadOnlyList<double> weights)
    {
        using var scope = torch.NewDisposeScope();
        var sure = meaning.Scores(sentences.Features).log_softmax(1);
        var also = words.Scores(ngrams.Features);
        return [.. weights.Select(weight => (sure + (weight * also)).argmax(1).eq(sentences.Labels).sum().item<long>())];
    }
}
