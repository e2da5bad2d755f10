using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>A head with all that a classifier says beside its answers; all of it from the same features and labels.</summary>
/// <param name="Head">The fitted head.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Reason">Why it and no other, as a sentence.</param>
/// <param name="Temperature">What scores are divided by before the softmax.</param>
/// <param name="Threshold">When an example is refused; null where the rarest class has a single one, and nothing is refused.</param>
/// <param name="Expected">
/// Examples classified rightly in cross-validation, with the choice of the head made anew in each fold; null as
/// <paramref name="Threshold"/>.
/// </param>
internal sealed record LearntHead(
    LinearHead Head, string Name, string Reason, double Temperature, RejectionThreshold? Threshold, Accuracy? Expected)
{
    /// <summary>
    /// For the nearest centroid where there is nothing to fit it on. On CIFAR-10's training images, five classes with one image of each,
    /// values about this one gave the smallest cross-entropy.
    /// </summary>
    private const double TemperatureOfOnePhoto = 0.3;

    /// <summary>Chooses, fits, calibrates.</summary>
    /// <param name="features">float32, N x D.</param>
    /// <param name="labels">int64, N; every class has an example.</param>
    /// <param name="classes">Number of classes.</param>
    /// <param name="options">Folds, and the acceptance asked for.</param>
    /// <param name="progress">Told of the parts.</param>
    public static LearntHead Of(
        torch.Tensor features, torch.Tensor labels, int classes, ClassifierSettings options, IProgress<StepProgress> progress)
    {
        using var scope = torch.NewDisposeScope();
        var choice = HeadChoice.Make(features, labels, classes, options, progress);
        var head = choice.Recipe.Fit(features, labels, classes);
        if (CrossValidation.Fewest(labels) < 2)
            return new LearntHead(head, choice.Recipe.Name, choice.Reason, TemperatureOfOnePhoto, null, null);
        try
        {
            // The confidence is that of the head chosen, so its scores are calibrated; the accuracy must not profit from the choice.
            var scores = CrossValidation.Scores(
                features, labels, options.Folds, (some, theirs) => choice.Recipe.Fit(some, theirs, classes));
            var judged = CrossValidation.Scores(
                features, labels, options.Folds,
                (some, theirs) => HeadChoice.Make(some, theirs, classes, options, progress).Recipe.Fit(some, theirs, classes));
            return new LearntHead(
                head,
                choice.Recipe.Name,
                choice.Reason,
                Evaluation.Temperature.FitToFew(scores, labels).Value,
                RejectionThreshold.Of(scores.amax([1]).data<float>().ToArray(), options.Acceptance),
                new Accuracy(CrossValidation.Correct(judged, labels), labels.shape[0]));
        }
        catch
        {
            head.Dispose();
            throw;
        }
    }
}
