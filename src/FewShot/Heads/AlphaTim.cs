using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="AlphaTim"/>; the defaults are those of the authors' code.</summary>
public sealed record AlphaTimOptions
{
    /// <summary>
    /// The power within the entropies, above 1: the larger, the less a share of the classes that is not uniform is punished. The authors
    /// chose 2 for one shot and 7 for five, on the validation classes of mini-ImageNet.
    /// </summary>
    public double Alpha { get; init; } = 5;

    /// <summary>What half the squared distances to the class vectors are multiplied by, above 0.</summary>
    public double Temperature { get; init; } = 15;

    /// <summary>Steps of Adam, at least 1.</summary>
    public int Steps { get; init; } = 1000;

    /// <summary>Adam's learning rate, above 0.</summary>
    public double LearningRate { get; init; } = 1e-4;

    /// <summary>What is done to the features first.</summary>
    public EpisodeTransform Transform { get; init; } = EpisodeTransform.L2N;
}

/// <summary>
/// TRANSDUCTIVE. Class vectors that begin at the centroids move so that the support is answered rightly and the queries surely, and not all
/// alike: alpha-TIM, "Realistic Evaluation of Transductive Few-Shot Learning" (Veilleux et al. 2021, section 4), which does not suppose
/// that the queries hold as many images of each class.
/// </summary>
/// <param name="options">The entropies and the descent.</param>
public sealed class AlphaTim(AlphaTimOptions? options = null) : IEpisodeHead
{
    // Adam's usual settings (Kingma and Ba 2015).
    private const double Beta1 = 0.9;
    private const double Beta2 = 0.999;
    private const double Epsilon = 1e-8;

    private readonly AlphaTimOptions options = options ?? new AlphaTimOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("alpha-TIM");

    /// <inheritdoc/>
    public bool IsTransductive => true;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        if (!(options.Alpha > 1) || !(options.Temperature > 0) || options.Steps < 1 || !(options.LearningRate > 0))
        {
            throw new FewShotException(
                "alpha-TIM needs alpha above 1, temperature and learning rate above 0 and at least 1 step; "
                + $"found {options.Alpha}, {options.Temperature}, {options.LearningRate} and {options.Steps}.");
        }

        return EpisodeChunks.Scores(episodes, options.Transform, Adapt);
    }

    /// <summary>The loss of each episode: cross-entropy of the support - alpha-mutual information of the queries, E.</summary>
    internal torch.Tensor Loss(torch.Tensor weights, EpisodeChunk chunk)
    {
        var errors = -(Logits(chunk.Support, weights).log_softmax(2) * chunk.Targets).sum(2).mean([1]);
        var sure = Logits(chunk.Query, weights).softmax(2);
        var marginal = Entropy(sure.mean([1], keepdim: true)).squeeze(1);
        return errors - (marginal - Entropy(sure).mean([1]));
    }

    /// <summary>Its gradient by the class vectors, E x way x D, in closed form.</summary>
    internal torch.Tensor Gradient(torch.Tensor weights, EpisodeChunk chunk)
    {
        using var scope = torch.NewDisposeScope();
        var support = (Logits(chunk.Support, weights).softmax(2) - chunk.Targets) / chunk.Support.shape[1];
        var sure = Logits(chunk.Query, weights).softmax(2);
        // The derivative of an entropy by a probability p is -alpha / (alpha - 1) p^(alpha - 1).
        var slopes = sure.mean([1], keepdim: true).pow(options.Alpha - 1) - sure.pow(options.Alpha - 1);
        slopes.mul_(options.Alpha / (options.Alpha - 1) / chunk.Query.shape[1]);
        var query = sure * (slopes - (sure * slopes).sum(2, keepdim: true));
        var pulls = Pull(support, chunk.Support, weights) + Pull(query, chunk.Query, weights);
        return (pulls * options.Temperature).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Pull(torch.Tensor slopes, torch.Tensor features, torch.Tensor weights)
    {
        var turned = slopes.transpose(1, 2);
        return turned.bmm(features) - (turned.sum(2, keepdim: true) * weights);
    }

    private torch.Tensor Adapt(EpisodeChunk chunk)
    {
        var weights = chunk.Centroids();
        var (mean, square) = (torch.zeros_like(weights), torch.zeros_like(weights));
        for (var step = 1; step <= options.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var gradient = Gradient(weights, chunk);
            _ = mean.mul_(Beta1).add_(gradient, 1 - Beta1);
            _ = square.mul_(Beta2).addcmul_(gradient, gradient, 1 - Beta2);
            var spread = square.sqrt().div_(Math.Sqrt(1 - Math.Pow(Beta2, step))).add_(Epsilon);
            _ = weights.addcdiv_(mean, spread, -options.LearningRate / (1 - Math.Pow(Beta1, step)));
        }

        return Distances.Squared(chunk.Query, weights).mul_(-options.Temperature / 2);
    }

    /// <summary>
    /// Half the squared distances with a minus and the temperature, up to a number for each example, which no probability has.
    /// </summary>
    private torch.Tensor Logits(torch.Tensor features, torch.Tensor weights) =>
        features.bmm(weights.transpose(1, 2)).sub_(weights.square().sum(2).unsqueeze(1) / 2).mul_(options.Temperature);

    private torch.Tensor Entropy(torch.Tensor probabilities) => (1 - probabilities.pow(options.Alpha).sum(2)) / (options.Alpha - 1);
}
