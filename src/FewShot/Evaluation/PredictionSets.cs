using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Evaluation;

/// <summary>Which classes are put into a prediction set.</summary>
public enum SetRule
{
    /// <summary>
    /// Every class that is probable enough by itself (least ambiguous set-valued classifiers: Sadinle, Lei and Wasserman 2019): the
    /// smallest sets on average.
    /// </summary>
    Lac,

    /// <summary>
    /// The most probable classes until they are probable enough together (adaptive prediction sets: Romano, Sesia and Candes 2020,
    /// "Classification with valid and adaptive coverage"): larger sets, more even over easy and hard images.
    /// </summary>
    Aps,
}

/// <summary>
/// In place of one class a set of classes that holds the true one with a stated probability: split conformal prediction (Vovk et al. 2005;
/// Angelopoulos and Bates 2021, "A gentle introduction to conformal prediction", section 1). It holds whatever the classifier is, good or
/// bad; a bad one pays with large sets.
/// </summary>
/// <remarks>
/// The promise is about the mean over images that are drawn as those of the calibration were, and over the draw of the calibration; not
/// about each class, nor about one episode, whose queries share their support.
/// </remarks>
public sealed class PredictionSets
{
    private readonly long seed;

    private PredictionSets(SetRule rule, double coverage, double threshold, int count, long seed)
    {
        (Rule, Coverage, Threshold, Count) = (rule, coverage, threshold, count);
        this.seed = seed;
    }

    /// <summary>Which classes are put into a set.</summary>
    public SetRule Rule { get; }

    /// <summary>The promised share of sets that hold the truth.</summary>
    public double Coverage { get; }

    /// <summary>
    /// A class whose nonconformity is at most this is in the set; infinite where there were too few answers for the coverage, and every
    /// set holds all classes.
    /// </summary>
    public double Threshold { get; }

    /// <summary>Number of answers that it was set on.</summary>
    public int Count { get; }

    /// <summary>Sets the threshold on held-out answers.</summary>
    /// <param name="scores">Floating point, N x classes; the softmax of them is taken for probabilities.</param>
    /// <param name="labels">int64, N, the true classes.</param>
    /// <param name="coverage">The promised share, between 0 and 1.</param>
    /// <param name="rule">Which classes are put into a set.</param>
    /// <param name="seed">Of the random numbers by which adaptive sets are neither too large nor too small.</param>
    /// <exception cref="FewShotException">Shapes or types do not fit together, or the coverage is out of range.</exception>
    public static PredictionSets Calibrate(
        torch.Tensor scores, torch.Tensor labels, double coverage = 0.9, SetRule rule = SetRule.Lac, long seed = 0)
    {
        if (!(coverage is > 0 and < 1))
            throw new FewShotException($"A coverage lies between 0 and 1; found {coverage}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (values, truth) = AnswerScores.Check(scores, labels);
        var ofTruth = Nonconformity(values, rule, seed, Calibrating).gather(1, truth.unsqueeze(1)).flatten().data<double>().ToArray();
        Array.Sort(ofTruth);
        // One more than the share of the calibration's own answers: the answer to come is one of them, too.
        var rank = (int)Math.Ceiling(((ofTruth.Length + 1) * coverage) - 1e-9);
        var threshold = rank > ofTruth.Length ? double.PositiveInfinity : ofTruth[rank - 1];
        return new PredictionSets(rule, coverage, threshold, ofTruth.Length, seed);
    }

    /// <summary>The set of each answer.</summary>
    /// <param name="scores">Floating point, N x classes.</param>
    /// <returns>bool, N x classes, on the CPU: whether the class is in the set. A set may be empty: nothing seemed to fit.</returns>
    /// <exception cref="FewShotException">The scores are no such matrix.</exception>
    public torch.Tensor Of(torch.Tensor scores)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        return Nonconformity(AnswerScores.Check(scores), Rule, seed, Asking).le(Threshold).MoveToOuterDisposeScope();
    }

    /// <summary>Judges the sets of answers whose truth is known.</summary>
    /// <inheritdoc cref="Calibrate"/>
    /// <param name="scores"/><param name="labels"/>
    public SetSummary Judge(torch.Tensor scores, torch.Tensor labels)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (values, truth) = AnswerScores.Check(scores, labels);
        var sets = Of(values);
        var sizes = sets.sum([1]);
        var held = sets.gather(1, truth.unsqueeze(1)).sum().item<long>();
        return new SetSummary(
            new Accuracy(held, truth.numel()),
            sizes.to(torch.float64).mean().item<double>(),
            new Accuracy(sizes.eq(1).sum().item<long>(), truth.numel()),
            new Accuracy(sizes.eq(0).sum().item<long>(), truth.numel()));
    }

    /// <summary>"least ambiguous sets, coverage 90 % promised from 1,000 answers".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{(Rule == SetRule.Lac ? "least ambiguous" : "adaptive")} sets, coverage {100 * Coverage:0.#} % promised from {Count:N0} answers");

    // Streams of one seed: the numbers of the calibration are not those of the answers.
    private const long Calibrating = 0;
    private const long Asking = 1;

    /// <summary>How ill each class fits each answer, N x classes.</summary>
    private static torch.Tensor Nonconformity(torch.Tensor scores, SetRule rule, long seed, long stream)
    {
        var probabilities = scores.softmax(1);
        switch (rule)
        {
            case SetRule.Lac:
                return 1 - probabilities;
            case SetRule.Aps:
                var order = probabilities.argsort(1, descending: true);
                var sorted = probabilities.gather(1, order);
                var random = new StableRandom(seed, stream);
                var shares = Enumerable.Range(0, (int)scores.shape[0]).Select(_ => random.Uniform(0, 1)).ToArray();
                // The probability of all classes before this one, and a random part of its own: so the coverage is met, not exceeded.
                var upTo = sorted.cumsum(1) - (sorted * torch.tensor(shares).unsqueeze(1));
                return torch.empty_like(upTo).scatter_(1, order, upTo);
            default:
                throw new FewShotException($"There is no rule {rule} for prediction sets.");
        }
    }
}
