using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Settings of <see cref="PtMap"/>; the defaults are the paper's.</summary>
public sealed record PtMapOptions
{
    /// <summary>How sharply the transport follows the distances, above 0 ("lambda" of the paper).</summary>
    public double Sharpness { get; init; } = 10;

    /// <summary>How far the centroids go at each step to where the transport puts them, above 0 and at most 1 ("alpha").</summary>
    public double Rate { get; init; } = 0.2;

    /// <summary>Steps, at least 0.</summary>
    public int Steps { get; init; } = 20;

    /// <summary>
    /// What is done to the features first: the power transform and length 1. Then the mean of the support is taken from the support and
    /// that of the queries from the queries, and all get length 1 again.
    /// </summary>
    public EpisodeTransform Transform { get; init; } = EpisodeTransform.L2N with { Power = 0.5 };
}

/// <summary>
/// TRANSDUCTIVE. Queries are dealt out to the classes by optimal transport, as many to each, and the centroids follow: PT-MAP, "Leveraging
/// the Feature Distribution in Transfer-based Few-Shot Learning" (Hu et al. 2021, sections 3.2 and 3.3). It SUPPOSES that the queries hold
/// as many images of each class; where they do not, it is wrong by design.
/// </summary>
/// <param name="options">The transport and the steps.</param>
public sealed class PtMap(PtMapOptions? options = null) : IEpisodeHead
{
    private const double Tolerance = 1e-5;
    private const double Smallest = 1e-30;
    private const int TransportSteps = 1000;

    private readonly PtMapOptions options = options ?? new PtMapOptions();

    /// <inheritdoc/>
    public string Name => options.Transform.Append("PT-MAP");

    /// <inheritdoc/>
    public bool IsTransductive => true;

    /// <inheritdoc/>
    /// <returns>The logarithm of how much of a query is dealt to each class.</returns>
    /// <exception cref="FewShotException">A setting is out of range, or the transform does not fit the features.</exception>
    public torch.Tensor Scores(EpisodeFeatures episodes)
    {
        if (!(options.Sharpness > 0) || options.Rate is not (> 0 and <= 1) || options.Steps < 0)
        {
            throw new FewShotException(
                "PT-MAP needs a sharpness above 0, a rate above 0 and at most 1, and at least 0 steps; "
                + $"found {options.Sharpness}, {options.Rate} and {options.Steps}.");
        }

        return EpisodeChunks.Scores(episodes, options.Transform, chunk =>
        {
            var (support, query) = (Centred(chunk.Support), Centred(chunk.Query));
            var moved = chunk with { Support = support, Query = query };
            var members = moved.Targets.transpose(1, 2);
            var (known, counts) = (members.bmm(support), members.sum(2, keepdim: true));
            var centroids = known / counts;
            for (var step = 0; step < options.Steps; step++)
            {
                var dealt = Transport(query, centroids).transpose(1, 2);
                var aims = (known + dealt.bmm(query)) / (counts + dealt.sum(2, keepdim: true));
                centroids += options.Rate * (aims - centroids);
            }

            return Transport(query, centroids).clamp_min(Smallest).log();
        });
    }

    private static torch.Tensor Centred(torch.Tensor features) =>
        torch.nn.functional.normalize(features - features.mean([1], keepdim: true), dim: 2);

    /// <summary>
    /// How much of each query goes to each class: 1 from each query, as much to each class, along short ways, by Sinkhorn's steps (Cuturi
    /// 2013).
    /// </summary>
    private torch.Tensor Transport(torch.Tensor query, torch.Tensor centroids)
    {
        using var scope = torch.NewDisposeScope();
        var perClass = (double)query.shape[1] / centroids.shape[1];
        var plan = (Distances.Squared(query, centroids) * -options.Sharpness).softmax(2);
        for (var step = 0; step < TransportSteps; step++)
        {
            using var inner = torch.NewDisposeScope();
            var columns = plan.sum(1, keepdim: true);
            // An episode that is balanced already stays as it is, so that none depends on its neighbours.
            var open = (columns - perClass).abs().amax([1, 2], keepdim: true) > Tolerance * perClass;
            if (!open.any().item<bool>())
                break;
            var balanced = plan * (perClass / columns);
            plan = (balanced / balanced.sum(2, keepdim: true)).where(open, plan).MoveToOuterDisposeScope();
        }

        return plan.MoveToOuterDisposeScope();
    }
}
