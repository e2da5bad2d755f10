using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="LabelPropagation"/>.</summary>
public sealed record LabelPropagationOptions
{
    /// <summary>
    /// How much of its label an example takes from its neighbours, above 0 and below 1 ("alpha" of Zhou et al.). Both papers have 0.99; of
    /// frozen features and one label a class that lets the support with the strongest ties take all queries. This one was chosen on the
    /// validation classes of CIFAR-FS, with <see cref="Width"/>.
    /// </summary>
    public double Share { get; init; } = 0.8;

    /// <summary>
    /// Neighbours that each example is tied to, at least 1 (Liu et al. 2019, section 3.2.2); all others where there are fewer. Two are tied
    /// where one of them is a neighbour of the other.
    /// </summary>
    public int Neighbours { get; init; } = 20;

    /// <summary>
    /// The width of the Gaussian by which a tie weakens with distance, above 0. The papers have none for frozen features, Liu et al. learn
    /// it: this one is for vectors of length 1.
    /// </summary>
    public double Width { get; init; } = 0.25;

    /// <summary>What is done to the features first.</summary>
    public EpisodeTransform Transform { get; init; } = EpisodeTransform.L2N;
}

/// <summary>
/// TRANSDUCTIVE. Labels flow from the support over a graph of all examples of an episode, queries too, until they stand still: "Learning
/// with Local and Global Consistency" (Zhou et al. 2004, section 2), with the graph of "Learning to Propagate Labels" (Liu et al. 2019,
/// section 3.2), here on frozen features. The end is computed at once, as the solution of a linear system.
/// </summary>
/// <param name="options">The graph and the flow.</param>
public sealed class LabelPropagation(LabelPropagationOptions? options = null) : IEpisodeHead
{
    // Where no label arrives all classes are equally likely.
    private const double Smallest = 1e-12;

    private readonly LabelPropagationOptions options = options ?? new LabelPropagationOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("label propagation");

    /// <inheritdoc/>
    public bool IsTransductive => true;

    /// <inheritdoc/>
    /// <returns>The logarithm of each label's share of what arrives at a query.</returns>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        if (options.Share is not (> 0 and < 1) || options.Neighbours < 1 || !(options.Width > 0))
        {
            throw new FewShotException(
                "Label propagation needs a share between 0 and 1, at least 1 neighbour and a width above 0; "
                + $"found {options.Share}, {options.Neighbours} and {options.Width}.");
        }

        return EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            var (known, asked) = (chunk.Support.shape[1], chunk.Query.shape[1]);
            var ties = Ties(torch.cat([chunk.Support, chunk.Query], 1).to(torch.float64));
            var labels = chunk.Targets.to(torch.float64);
            var start = torch.cat([labels, torch.zeros([chunk.Query.shape[0], asked, chunk.Way], labels.dtype, labels.device)], 1);
            var identity = torch.eye(known + asked, dtype: labels.dtype, device: labels.device);
            var still = torch.linalg.solve(identity - (options.Share * ties), start);
            var arrived = still.narrow(1, known, asked).clamp_min(Smallest);
            return (arrived / arrived.sum(2, keepdim: true)).log().to(chunk.Query.dtype);
        });
    }

    /// <summary>The graph, divided by the roots of what each pair of examples is tied with in all.</summary>
    private torch.Tensor Ties(torch.Tensor examples)
    {
        var distances = Distances.Squared(examples, examples);
        var count = distances.shape[1];
        var others = torch.eye(count, dtype: torch.ScalarType.Bool, device: distances.device).logical_not();
        var hidden = distances.where(others, torch.full_like(distances, double.PositiveInfinity));
        var (_, nearest) = hidden.topk((int)Math.Min(options.Neighbours, count - 1), dim: 2, largest: false);
        var near = torch.zeros_like(distances).scatter_(2, nearest, torch.ones_like(nearest).to(distances.dtype));
        var weights = (distances / (-2 * options.Width * options.Width)).exp() * torch.maximum(near, near.transpose(1, 2));
        var degrees = weights.sum(2, keepdim: true).clamp_min(Smallest).sqrt();
        return weights / degrees / degrees.transpose(1, 2);
    }
}
