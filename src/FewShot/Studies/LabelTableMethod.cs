using FewShot.Heads;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>A row of the table: a head that is fitted on the features of the labelled images, its settings chosen inside them.</summary>
/// <param name="Name">What it is called in the table.</param>
/// <param name="Fit">Fits it to a bank, with a seed where it is random; the head is the caller's.</param>
internal sealed record LabelTableMethod(string Name, Func<FeatureBank, LabelTableOptions, long, IHead> Fit)
{
    /// <summary>The row of <see cref="LabelTableOptions.IncludesFineTuning"/>, which is no head.</summary>
    public const string FineTuned = "fine-tuned";

    /// <summary>With one label of each class nothing can be left out to compare penalties on: the middle of the grid is taken.</summary>
    public const double PenaltyOfOneLabel = 0.3;

    /// <summary>All heads.</summary>
    public static IReadOnlyList<LabelTableMethod> Heads { get; } =
    [
        new("linear probe", (bank, _, seed) => LinearProbe.Train(bank, new() { Seed = seed }).Head),
        new("logistic regression", (bank, options, _) =>
        {
            var isOne = bank.Count == bank.ClassNames.Count;
            var settings = new LogisticRegressionOptions { Folds = options.Folds };
            return LogisticRegression.Fit(bank, isOne ? settings with { Strengths = [PenaltyOfOneLabel] } : settings).Head;
        }),
        new("nearest centroid", (bank, _, _) => NearestCentroid.Fit(bank)),
        new("SimpleShot", (bank, _, _) => NearestCentroid.Fit(bank, new() { Scaling = FeatureScaling.CentreAndNormalise })),
        new("ridge", (bank, _, _) => RidgeHead.Fit(bank)),
        new("cosine", (bank, _, _) => CosineHead.Train(bank, isCentred: true)),
    ];
}
