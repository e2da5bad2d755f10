using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>One strength of the penalty, tried on images held out.</summary>
/// <param name="Strength">The strength.</param>
/// <param name="Loss">Their mean loss: cross-entropy of a logistic regression, squared error of a ridge regression.</param>
/// <param name="Accuracy">Share of the images held out that were classified rightly, 0 to 1.</param>
public sealed record StrengthTrial(double Strength, double Loss, double Accuracy);

/// <summary>What a fit of <see cref="LogisticRegression"/> found.</summary>
/// <param name="Head">The classifier; the caller's to dispose.</param>
/// <param name="Strength">The penalty it was fitted with.</param>
/// <param name="Trials">What cross-validation saw of each strength; empty where only one was given.</param>
/// <param name="Loss">The penalised loss on the training features.</param>
/// <param name="GradientNorm">Largest component of its gradient: how near the minimum is.</param>
/// <param name="Iterations">Steps of the final fit.</param>
public sealed record LogisticRegressionResult(
    LinearHead Head, double Strength, IReadOnlyList<StrengthTrial> Trials, double Loss, double GradientNorm, int Iterations) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Head.Dispose();

    /// <summary>"L2 strength 0.3, loss 0.2104, gradient 8E-07 after 45 steps".</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"L2 strength {Strength:g3}, loss {Loss:0.0000}, gradient {GradientNorm:g1} after {Iterations} steps");
}

/// <summary>
/// Multinomial logistic regression with an L2 penalty, fitted to convergence: the same model as a linear probe trained by Adam, without its
/// learning rate, number of epochs or seed. The loss is convex, so the minimum does not depend on where it starts.
/// </summary>
public static class LogisticRegression
{
    /// <summary>
    /// Chooses the penalty by cross-validation over the given images alone, then fits all of them; the head knows what it was fitted on.
    /// </summary>
    /// <param name="features">A feature bank; each view of an image is a sample, and the views of one image share a fold.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of each strength and fold.</param>
    /// <exception cref="FewShotException">A class has too few images, a setting is out of range, or the minimum is not reached.</exception>
    public static LogisticRegressionResult Fit(
        ILabelledFeatures features, LogisticRegressionOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Fit(features.Views, features.Labels, TrainingFeatures.ClassCount(features), features.Space, options, progress);
    }

    /// <summary>
    /// Chooses the penalty by cross-validation over the given images alone, then fits all of them; of plain tensors the head does not know
    /// what they are.
    /// </summary>
    /// <param name="features">Floating point, N x D; or views x N x D, where each view is a sample and the views of
    /// one image share a fold.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes; each needs an image, and two where there are strengths to choose from.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of each strength and fold.</param>
    /// <exception cref="FewShotException">The inputs do not fit together, a setting is out of range, or
    /// the minimum is not reached.</exception>
    public static LogisticRegressionResult Fit(
        torch.Tensor features,
        torch.Tensor labels,
        int classes,
        LogisticRegressionOptions? options = null,
        IProgress<StepProgress>? progress = null) =>
        Fit(features, labels, classes, TrainingFeatures.PlainSpace(features), options, progress);

    private static LogisticRegressionResult Fit(
        torch.Tensor features,
        torch.Tensor labels,
        int classes,
        LabelledSpace space,
        LogisticRegressionOptions? options,
        IProgress<StepProgress>? progress)
    {
        options ??= new LogisticRegressionOptions();
        var values = TrainingFeatures.Check(features, labels, classes);
        if (options.Strengths.Count == 0 || !options.Strengths.All(strength => strength > 0 && double.IsFinite(strength)))
            throw new FewShotException($"Logistic regression needs penalties above 0; found [{string.Join(", ", options.Strengths)}].");
        var trials = options.Strengths.Count == 1
            ? []
            : CrossValidate(features, labels, values, classes, options, progress ?? ProgressSink.Current);
        // Of several strengths with the same loss the strongest is chosen.
        var chosen = trials.Count == 0
            ? options.Strengths[0]
            : trials.OrderBy(trial => trial.Loss).ThenByDescending(trial => trial.Strength).First().Strength;

        using var scope = torch.NewDisposeScope();
        var (rows, rowLabels) = TrainingFeatures.Flatten(features, labels);
        var transform = FeatureTransform.Fit(rows, options.Scaling, options.SquareRoot);
        var problem = new LogisticProblem(transform.Apply(rows), rowLabels, classes);
        var minimum = problem.Solve(problem.Zero, chosen, options);
        var (weight, bias) = problem.Split(minimum.Point);
        var head = new LinearHead(
            transform, weight.clone().MoveToOuterDisposeScope(), bias.clone().MoveToOuterDisposeScope(), space);
        return new LogisticRegressionResult(head, chosen, trials, minimum.Value, minimum.GradientNorm, minimum.Iterations);
    }

    private static List<StrengthTrial> CrossValidate(
        torch.Tensor features,
        torch.Tensor labels,
        long[] values,
        int classes,
        LogisticRegressionOptions options,
        IProgress<StepProgress> progress)
    {
        var folds = StratifiedFolds.Assign(values, options.Folds);
        var count = folds.Max() + 1;
        var strengths = options.Strengths.OrderDescending().ToList();
        var losses = new double[strengths.Count];
        var hits = new double[strengths.Count];
        for (var fold = 0; fold < count; fold++)
        {
            using var scope = torch.NewDisposeScope();
            var held = torch.tensor(folds.Select(f => f == fold).ToArray()).nonzero().flatten();
            var kept = torch.tensor(folds.Select(f => f != fold).ToArray()).nonzero().flatten();
            var (rows, rowLabels) = TrainingFeatures.Flatten(features.index_select(-2, kept), labels.index_select(0, kept));
            var (heldRows, heldLabels) = TrainingFeatures.Flatten(features.index_select(-2, held), labels.index_select(0, held));
            using var transform = FeatureTransform.Fit(rows, options.Scaling, options.SquareRoot);
            var problem = new LogisticProblem(transform.Apply(rows), rowLabels, classes);
            var validation = new LogisticProblem(transform.Apply(heldRows), heldLabels, classes);
            var weight = (double)held.shape[0] / values.Length;
            // The strengths are solved from strong to weak, each from the solution of the one before.
            var point = problem.Zero;
            for (var i = 0; i < strengths.Count; i++)
            {
                progress.Report(
                    new StepProgress("cross-validation of the penalty", (fold * strengths.Count) + i, count * strengths.Count));
                point = problem.Solve(point, strengths[i], options).Point;
                var (loss, accuracy) = validation.Measure(point);
                losses[i] += weight * loss;
                hits[i] += weight * accuracy;
            }
        }

        progress.Report(new StepProgress("cross-validation of the penalty", count * strengths.Count, count * strengths.Count));
        return [.. strengths.Select((strength, i) => new StrengthTrial(strength, losses[i], hits[i]))];
    }
}
