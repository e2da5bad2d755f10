using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// Relation network (Sung, Yang, Zhang, Xiang, Torr and Hospedales 2018, section 3): the distance is learned, too. The map of a query and
/// the summed support maps of a class are laid upon each other, and a second small network says how related they are, from 0 to 1. It is
/// trained by the mean squared error to 1 for the right class and 0 for the others (equation 2).
/// </summary>
/// <remarks>
/// The second network is two blocks of 3 x 3 convolution, BatchNorm, ReLU and, while the map is larger than one pixel, 2 x 2 max-pooling,
/// then a hidden layer of 8 and one output (figure 3). The embedding should keep some size:
/// <see cref="Conv4Downsampling.MaxPoolTwice"/>. All pairs of all tasks pass through it as one batch.
/// </remarks>
public sealed class RelationNetwork : MetricLearner
{
    private const int Blocks = 2;
    private const long Hidden = 8;
    private static readonly string[] Norms = ["relation.block1.bn", "relation.block2.bn"];

    /// <summary>Starts from these weights, which are copied and stay the caller's; the second network's come from the seed.</summary>
    /// <exception cref="FewShotException">The weights do not fit the network.</exception>
    public RelationNetwork(IEmbedding embedding, ModelWeights initial, long seed = 0)
        : base(embedding, initial, Extra(embedding), [.. Norms.Select(name => new NormLayer(name, embedding.MapSize.Channels))])
    {
        using var noGradient = torch.no_grad();
        foreach (var (index, shape) in MetaParameters.Shapes.Index().Skip(embedding.Weights.Count))
        {
            if (shape.Name.EndsWith("bn.weight", StringComparison.Ordinal))
            {
                _ = MetaParameters.Tensors[index].fill_(1);
            }
            else if (shape.Shape.Count > 1)
            {
                // Evenly from -b to b, b = sqrt(6 / inputs): He et al. 2015, section 2.2.
                var bound = Math.Sqrt(6.0 * shape.Shape[0] / shape.Count);
                var random = new StableRandom(seed, index);
                MetaParameters.Fill(index, Enumerable.Range(0, (int)shape.Count).Select(_ => random.Uniform(-bound, bound)));
            }
        }
    }

    internal override string Identity => $"{nameof(RelationNetwork)} {Embedding.Name}";

    private protected override bool ComparesMaps => true;

    private protected override torch.Tensor Compare(EmbeddedTasks tasks)
    {
        var size = tasks.Query.shape[2..];
        var queries = tasks.Query.shape[1];
        var classes = tasks.Sums(tasks.Support.flatten(2)).view([tasks.Count, 1, tasks.Way, .. size]);
        long[] pairs = [tasks.Count, queries, tasks.Way, .. size];
        var hidden = torch.cat([classes.expand(pairs), tasks.Query.unsqueeze(2).expand(pairs)], 3).flatten(0, 2);
        var weights = tasks.Learned;
        for (var block = 0; block < Blocks; block++)
        {
            hidden = torch.nn.functional.conv2d(hidden, weights[3 * block], padding: [1, 1]);
            hidden = tasks.Statistics.Normalise(
                new NormLayer(Norms[block], size[0]), hidden, weights[(3 * block) + 1], weights[(3 * block) + 2]).relu_();
            if (Halves(hidden.shape[2], hidden.shape[3]))
                hidden = torch.nn.functional.max_pool2d(hidden, 2);
        }

        hidden = torch.nn.functional.linear(hidden.flatten(1), weights[^4], weights[^3]).relu_();
        return torch.nn.functional.linear(hidden, weights[^2], weights[^1]).sigmoid().view([tasks.Count, queries, tasks.Way]);
    }

    private protected override torch.Tensor Losses(torch.Tensor scores, torch.Tensor targets) =>
        (scores - torch.nn.functional.one_hot(targets, scores.shape[2]).to(scores.dtype)).square().mean([2]);

    private static IReadOnlyList<WeightShape> Extra(IEmbedding embedding)
    {
        ArgumentNullException.ThrowIfNull(embedding);
        var (channels, height, width) = embedding.MapSize;
        for (var block = 0; block < Blocks && Halves(height, width); block++)
            (height, width) = (height / 2, width / 2);
        return
        [
            new("relation.block1.conv.weight", [channels, 2 * channels, 3, 3], 0, true),
            new("relation.block1.bn.weight", [channels], 0, true),
            new("relation.block1.bn.bias", [channels], 0, true),
            new("relation.block2.conv.weight", [channels, channels, 3, 3], 1, true),
            new("relation.block2.bn.weight", [channels], 1, true),
            new("relation.block2.bn.bias", [channels], 1, true),
            new("relation.hidden.weight", [Hidden, channels * height * width], 2, true),
            new("relation.hidden.bias", [Hidden], 2, true),
            new("relation.output.weight", [1, Hidden], 3, true),
            new("relation.output.bias", [1], 3, true),
        ];
    }

    private static bool Halves(long height, long width) => height > 1 && width > 1;
}
