using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="EpisodeRidge"/>; the defaults are those of the authors' code for CIFAR-FS.</summary>
public sealed record EpisodeRidgeOptions
{
    /// <summary>
    /// Strength of the penalty, above 0, where the loss is mean squared error + strength x squared weights, the bias among them. The
    /// paper's is for features some tens long: vectors of length 1 want one below 1.
    /// </summary>
    public double Strength { get; init; } = 50;

    /// <summary>What the regression's answers are multiplied by to become scores ("alpha" of the paper, which learns it).</summary>
    public double Scale { get; init; } = 10;

    /// <summary>What is added to them then ("beta" of the paper, which learns it): the same for all classes.</summary>
    public double Bias { get; init; }

    /// <summary>What is done to the features first; the paper does nothing.</summary>
    public EpisodeTransform Transform { get; init; } = new();
}

/// <summary>
/// A ridge regression from the support features to the labels as 0 and 1, solved exactly: R2-D2 without its training ("Meta-learning with
/// differentiable closed-form solvers", Bertinetto et al. 2019, section 3.2). <see cref="RidgeHead"/> is the same for one whole data set.
/// </summary>
/// <param name="options">Penalty and scale.</param>
public sealed class EpisodeRidge(EpisodeRidgeOptions? options = null) : IEpisodeHead
{
    private readonly EpisodeRidgeOptions options = options ?? new EpisodeRidgeOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("ridge");

    /// <inheritdoc/>
    public bool IsTransductive => false;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">The strength is not above 0, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        if (!(options.Strength > 0) || !double.IsFinite(options.Strength))
            throw new FewShotException($"A ridge regression needs a penalty above 0; found {options.Strength}.");
        return EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            // The solution is computed in double precision: it costs little, as the support is small.
            var inputs = WithOnes(chunk.Support.to(torch.float64));
            var weights = RidgeSolver.Weights(inputs, chunk.Targets.to(torch.float64), options.Strength).to(chunk.Query.dtype);
            var features = chunk.Query.shape[2];
            var answers = chunk.Query.bmm(weights.narrow(1, 0, features)).add_(weights.narrow(1, features, 1));
            return answers.mul_(options.Scale).add_(options.Bias);
        });
    }

    /// <summary>The bias is the weight of one more feature that is always 1.</summary>
    private static torch.Tensor WithOnes(torch.Tensor features) =>
        torch.cat([features, torch.ones([.. features.shape[..2], 1], features.dtype, features.device)], 2);
}
