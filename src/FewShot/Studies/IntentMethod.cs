using FewShot.Heads;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>A row of <see cref="IntentStudy"/>: labelled questions to a classifier of their vectors, settings chosen inside them.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="IsNgrams">Whether texts are n-grams; otherwise the sentence encoder's vectors.</param>
/// <param name="IsVaried">Whether varied copies of the questions count as further ones.</param>
/// <param name="Fit">Fits a head to a bank, with a seed where it is random; the head is the caller's.</param>
/// <param name="IsNamed">Whether the name of each intent counts as one more labelled question.</param>
internal sealed record IntentMethod(
    string Name, bool IsNgrams, bool IsVaried, Func<FeatureBank, long, IHead> Fit, bool IsNamed = false)
{
    public const string Logistic = "logistic regression";
    public const string Centroid = "nearest centroid";
    public const string Ngrams = "n-grams, ridge";
    public const string Probe = "linear probe";
    public const string Mixup = "linear probe, mixup";
    public const string Blend = "sentences and n-grams, names too";
    public const string Tuned = "tuned encoder";

    /// <summary>What the logistic regression chooses from inside the labels.</summary>
    public static readonly LogisticRegressionOptions Penalties = new() { Strengths = [1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001], Folds = 3 };

    // Vectors of length 1 need a higher learning rate and more epochs than those of images.
    private static readonly LinearProbeOptions LongProbe = new() { Epochs = 60, LearningRate = 1e-2 };

    /// <summary>One question of each intent leaves nothing to compare penalties on: the middle of the grid is taken.</summary>
    private static readonly LogisticRegressionOptions PenaltyOfOne = Penalties with { Strengths = [0.03] };

    /// <summary>Rows at every number of labels.</summary>
    public static IReadOnlyList<IntentMethod> Plain { get; } =
    [
        new(Centroid, false, false, (bank, _) => NearestCentroid.Fit(bank)),
        new(Logistic, false, false, FitLogistic),
        new("logistic regression, names too", false, false, FitLogistic, IsNamed: true),
        new("ridge", false, false, FitRidge),
        new(Ngrams, true, false, FitRidge),
    ];

    /// <summary>Further rows where texts are varied, each beside the row without.</summary>
    public static IReadOnlyList<(string Without, IntentMethod With)> Varied { get; } =
    [
        (Ngrams, new("n-grams, ridge, varied", true, true, FitRidge)),
        ("ridge", new("ridge, varied", false, true, FitRidge)),
        (Centroid, new("nearest centroid, varied", false, true, (bank, _) => NearestCentroid.Fit(bank))),
        (Probe, new(Mixup, false, false, (bank, seed) => LinearProbe.Train(bank, LongProbe with { MixupAlpha = 1, Seed = seed }).Head)),
    ];

    /// <summary>The rows that <see cref="Varied"/> is compared with and that are not among the plain ones.</summary>
    public static IntentMethod WithoutMixup { get; } =
        new(Probe, false, false, (bank, seed) => LinearProbe.Train(bank, LongProbe with { Seed = seed }).Head);

    /// <summary>
    /// Heads to choose from on a tuned encoder: cross-validation inside the texts that tuned it would choose too weak a penalty.
    /// </summary>
    public static IReadOnlyList<(string Name, Func<FeatureBank, IHead> Fit)> AfterTuning { get; } =
    [
        (Centroid, bank => NearestCentroid.Fit(bank)),
        ("logistic regression of strength 0.03", bank => LogisticRegression.Fit(bank, PenaltyOfOne).Head),
        ("logistic regression of strength 0.3", bank => LogisticRegression.Fit(bank, PenaltyOfOne with { Strengths = [0.3] }).Head),
    ];

    /// <summary>Logistic regression with a penalty chosen inside the labels.</summary>
    public static IHead FitLogistic(FeatureBank bank, long seed) =>
        LogisticRegression.Fit(bank, bank.Count == bank.ClassNames.Count ? PenaltyOfOne : Penalties).Head;

    private static RidgeHead FitRidge(FeatureBank bank, long seed) =>
        RidgeHead.Fit(bank, bank.Count == bank.ClassNames.Count ? new() { Strengths = [1] } : new());
}
