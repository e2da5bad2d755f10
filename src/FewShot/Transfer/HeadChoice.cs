using System.Globalization;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>The head that is sensible for these examples, and why.</summary>
/// <param name="Recipe">The head.</param>
/// <param name="Reason">Why, as a sentence for the person whose examples they are.</param>
internal sealed record HeadChoice(HeadRecipe Recipe, string Reason)
{
    /// <summary>
    /// Examples of the rarest class from which heads are compared by cross-validation. With fewer, each fold would learn from one of a
    /// class, and what is best there is not what is best for all of them.
    /// </summary>
    public const int FewestToCompare = 3;

    /// <summary>
    /// Below <see cref="FewestToCompare"/> examples of a class the nearest centroid, which has nothing to choose; from there on the better
    /// one of it and of logistic regression, whose penalty is chosen by cross-validation, too.
    /// </summary>
    /// <param name="features">float32, N x D.</param>
    /// <param name="labels">int64, N; every class has an example.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="options">Folds at most, and what one example is called.</param>
    /// <param name="progress">Told of each penalty and fold.</param>
    public static HeadChoice Make(
        torch.Tensor features, torch.Tensor labels, int classes, ClassifierSettings options, IProgress<StepProgress> progress)
    {
        var count = (int)labels.shape[0];
        var fewest = CrossValidation.Fewest(labels);
        if (fewest < FewestToCompare)
        {
            return new HeadChoice(HeadRecipe.Centroid, string.Create(
                CultureInfo.InvariantCulture,
                $"the rarest class has {fewest} {options.Example}{(fewest == 1 ? string.Empty : "s")}, "
                + $"and comparing heads needs {FewestToCompare}"));
        }

        using var logistic = LogisticRegression.Fit(features, labels, classes, new() { Folds = options.Folds }, progress);
        var share = logistic.Trials.Single(trial => trial.Strength == logistic.Strength).Accuracy;
        var ofLogistic = (int)Math.Round(share * count);
        var ofCentroid = CrossValidation.Correct(features, labels, classes, options.Folds, HeadRecipe.Centroid);
        var (better, other) = ofLogistic > ofCentroid
            ? (HeadRecipe.Logistic(logistic.Strength), $"{HeadRecipe.Centroid.Name} about {ofCentroid}")
            : (HeadRecipe.Centroid, $"{HeadRecipe.Logistic(logistic.Strength).Name} about {ofLogistic}");
        return new HeadChoice(better, string.Create(
            CultureInfo.InvariantCulture,
            $"in cross-validation it was right about {Math.Max(ofLogistic, ofCentroid)} of {count} {options.Example}s, and {other}"));
    }
}
