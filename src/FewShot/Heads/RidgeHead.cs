using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// A ridge regression from features to the labels as 0 and 1, solved exactly in double precision: the base learner of R2-D2 ("Meta-learning
/// with differentiable closed-form solvers", Bertinetto et al. 2019, section 3.2) on the features of a whole data set, with a free bias and
/// the penalty chosen by exact leave-one-out. <see cref="EpisodeRidge"/> is the same for many episodes.
/// </summary>
/// <remarks>Its scores are the regression's answers, about 0 to 1, and no logarithms of probabilities.</remarks>
public sealed class RidgeHead : IHead
{
    private RidgeHead(LinearHead linear, double strength, IReadOnlyList<StrengthTrial> trials)
    {
        Linear = linear;
        Strength = strength;
        Trials = trials;
    }

    /// <summary>The same as a linear function of the scaled features.</summary>
    public LinearHead Linear { get; }

    /// <summary>The penalty it was fitted with.</summary>
    public double Strength { get; }

    /// <summary>What leaving out each image in turn showed of each strength; empty where only one was given.</summary>
    public IReadOnlyList<StrengthTrial> Trials { get; }

    /// <inheritdoc/>
    public LabelledSpace Space => Linear.Space;

    /// <summary>
    /// Chooses the penalty with the least squared error of images left out, then fits all of them; the head knows what it was fitted on.
    /// </summary>
    /// <param name="features">A feature bank; each view of an image is a sample, and the views of one image are left out together.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="FewShotException">A class has no image, a feature is not a number, or a setting is out of range.</exception>
    public static RidgeHead Fit(ILabelledFeatures features, RidgeHeadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(features);
        return Fit(features.Views, features.Labels, TrainingFeatures.ClassCount(features), features.Space, options);
    }

    /// <summary>The same of plain tensors; the head does not know what they are.</summary>
    /// <param name="features">Floating point, N x D, or views x N x D.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes; each needs an image.</param>
    /// <param name="options">Settings.</param>
    /// <exception cref="FewShotException">The inputs do not fit together, or a setting is out of range.</exception>
    public static RidgeHead Fit(torch.Tensor features, torch.Tensor labels, int classes, RidgeHeadOptions? options = null) =>
        Fit(features, labels, classes, TrainingFeatures.PlainSpace(features), options);

    /// <inheritdoc/>
    public torch.Tensor Scores(torch.Tensor features) => Linear.Scores(features);

    /// <inheritdoc/>
    public void Dispose() => Linear.Dispose();

    private static RidgeHead Fit(
        torch.Tensor features, torch.Tensor labels, int classes, LabelledSpace space, RidgeHeadOptions? options)
    {
        options ??= new RidgeHeadOptions();
        _ = TrainingFeatures.Check(features, labels, classes);
        if (options.Strengths.Count == 0 || !options.Strengths.All(strength => strength > 0 && double.IsFinite(strength)))
            throw new FewShotException($"A ridge regression needs penalties above 0; found [{string.Join(", ", options.Strengths)}].");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var views = features.dim() == 3 ? (int)features.shape[0] : 1;
        var (rows, rowLabels) = TrainingFeatures.Flatten(features, labels);
        var transform = FeatureTransform.Fit(rows, options.Scaling, options.SquareRoot);
        var inputs = transform.Apply(rows);
        var targets = torch.nn.functional.one_hot(rowLabels, classes).to(torch.float64);
        var trials = options.Strengths.Count == 1 ? [] : Trial(inputs, targets, views, options.Strengths);
        // Of several strengths with the same error the strongest is chosen.
        var chosen = trials.Count == 0
            ? options.Strengths[0]
            : trials.OrderBy(trial => trial.Loss).ThenByDescending(trial => trial.Strength).First().Strength;

        var (centre, level) = (inputs.mean([0], keepdim: true), targets.mean([0], keepdim: true));
        var weight = RidgeSolver.Weights((inputs - centre).unsqueeze(0), (targets - level).unsqueeze(0), chosen)[0];
        var bias = (level - centre.mm(weight))[0];
        var linear = new LinearHead(
            transform, weight.t().contiguous().MoveToOuterDisposeScope(), bias.clone().MoveToOuterDisposeScope(), space);
        return new RidgeHead(linear, chosen, trials);
    }

    private static IReadOnlyList<StrengthTrial> Trial(
        torch.Tensor inputs, torch.Tensor targets, int views, IReadOnlyList<double> strengths)
    {
        using var scope = torch.NewDisposeScope();
        var leaveOneOut = new LeaveOneOut(inputs, targets, views);
        return [.. strengths.OrderDescending().Select(strength =>
        {
            using var inner = torch.NewDisposeScope();
            var answers = leaveOneOut.Answers(strength);
            var error = (answers - targets).square().sum([1]).mean().item<double>();
            var hits = answers.argmax(1).eq(targets.argmax(1)).to(torch.float64).mean().item<double>();
            return new StrengthTrial(strength, error, hits);
        })];
    }
}
