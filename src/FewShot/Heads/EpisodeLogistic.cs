using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="EpisodeLogistic"/>; the defaults are those of Tian et al. 2020.</summary>
public sealed record EpisodeLogisticOptions
{
    /// <summary>
    /// What the summed cross-entropy weighs against half the squared weights, above 0, as scikit-learn's C: the loss is squared weights / 2
    /// + C x cross-entropy of all support examples. The bias is free.
    /// </summary>
    public double C { get; init; } = 1;

    /// <summary>What is done to the features first.</summary>
    public EpisodeTransform Transform { get; init; } = EpisodeTransform.L2N;

    /// <summary>The length of the gradient of the mean cross-entropy and its penalty at which an episode counts as solved.</summary>
    public double Tolerance { get; init; } = 1e-6;

    /// <summary>Steps of Newton's method after which the episodes not yet solved are given up.</summary>
    public int MaximumSteps { get; init; } = 100;
}

/// <summary>What <see cref="EpisodeLogistic.Solve"/> found.</summary>
/// <param name="Scores">E x Q x way, of the features' type: the logarithms of the probabilities, up to a number for each query.</param>
/// <param name="GradientNorms">How long each episode's gradient is at the end.</param>
/// <param name="IsConverged">Whether that is short enough, for each episode.</param>
public sealed record EpisodeLogisticResult(
    torch.Tensor Scores, IReadOnlyList<double> GradientNorms, IReadOnlyList<bool> IsConverged) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose() => Scores.Dispose();
}

/// <summary>
/// Multinomial logistic regression on the support features, fitted to its minimum in all episodes at once: "Rethinking Few-Shot Image
/// Classification: a Good Embedding Is All You Need?" (Tian et al. 2020, section 3.2), whose code asks scikit-learn for it. The fine-tuned
/// linear layer of "Baseline" (Chen et al. 2019, "A Closer Look at Few-shot Classification", section 3.1) has the same loss with a weaker
/// penalty, and stops before the minimum. <see cref="LogisticRegression"/> is for one whole data set, and chooses its penalty.
/// </summary>
/// <param name="options">Penalty, transform and when it is solved.</param>
public sealed class EpisodeLogistic(EpisodeLogisticOptions? options = null) : IEpisodeHead
{
    private readonly EpisodeLogisticOptions options = options ?? new EpisodeLogisticOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("logistic regression");

    /// <inheritdoc/>
    public bool IsTransductive => false;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">A setting is out of range, the transform does not fit the features, or an episode was not
    /// solved; <see cref="Solve"/> gives the others then.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        var result = Solve(episodes);
        var open = result.IsConverged.Count(converged => !converged);
        if (open == 0)
            return result.Scores;
        result.Dispose();
        throw new FewShotException(
            $"Logistic regression did not reach a gradient of {options.Tolerance:g3} in {open} of {episodes.Count} episodes within "
            + $"{options.MaximumSteps} steps; the longest is {result.GradientNorms.Max():g3}. Scale the features, or lower C.");
    }

    /// <summary>The scores, and for each episode whether its minimum was reached.</summary>
    /// <param name="episodes">The features; they stay the caller's.</param>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public EpisodeLogisticResult Solve(EpisodeFeatures episodes)
    {
        ArgumentNullException.ThrowIfNull(episodes);
        if (!(options.C > 0) || !double.IsFinite(options.C) || !(options.Tolerance > 0) || options.MaximumSteps < 1)
        {
            throw new FewShotException(
                "Logistic regression needs C and tolerance above 0 and at least 1 step; "
                + $"found {options.C}, {options.Tolerance} and {options.MaximumSteps}.");
        }

        var norms = new double[episodes.Count];
        var scores = EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            var span = SupportSpan.Of(chunk.Support.to(torch.float64));
            var strength = 1 / (options.C * chunk.Support.shape[1]);
            var minimum = new LogisticNewton(span.Coordinates, chunk.Targets.to(torch.float64), strength)
                .Minimise(options.Tolerance, options.MaximumSteps);
            minimum.GradientNorm.cpu().data<double>().ToArray().CopyTo(norms, chunk.Start);
            var coordinates = span.Coordinates.shape[2];
            var weights = span.Lift(minimum.Point.narrow(2, 0, coordinates)).to(chunk.Query.dtype);
            var bias = minimum.Point.narrow(2, coordinates, 1).to(chunk.Query.dtype);
            return chunk.Query.bmm(weights.transpose(1, 2)).add_(bias.transpose(1, 2));
        });
        return new EpisodeLogisticResult(scores, norms, [.. norms.Select(norm => norm <= options.Tolerance)]);
    }
}
