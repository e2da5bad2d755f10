using FewShot.Heads;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// Prototypical network (Snell, Swersky and Zemel 2017, section 2): the prototype of a class is the mean of its support vectors, and a
/// query belongs to the class of the nearest one. Euclidean: the scores are minus the squared distances (equation 2).
/// </summary>
/// <remarks>
/// A cosine lies between -1 and 1, which leaves a softmax nearly even over the classes; the cosine of this learner is multiplied by a
/// factor that is learned, from 10 on (Gidaris and Komodakis 2018, section 3.1).
/// </remarks>
public sealed class ProtoNet : MetricLearner
{
    /// <summary>Name of the factor of the cosine in <see cref="EpisodicLearner.MetaParameters"/>: one value.</summary>
    internal const string ScaleName = "cosine.scale";

    private const double FirstScale = 10;
    private readonly Distance distance;

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <param name="embedding">The network.</param>
    /// <param name="initial">Its weights.</param>
    /// <param name="distance">How queries and prototypes are compared.</param>
    /// <exception cref="FewShotException">The weights do not fit the network, or there is no such distance.</exception>
    public ProtoNet(IEmbedding embedding, ModelWeights initial, Distance distance = Distance.Euclidean)
        : base(embedding, initial, Extra(distance))
    {
        this.distance = distance;
        using var noGradient = torch.no_grad();
        if (distance == Distance.Cosine)
            _ = MetaParameters[ScaleName].fill_(FirstScale);
    }

    internal override string Identity => $"{nameof(ProtoNet)} {Embedding.Name} {distance}";

    /// <summary>Minus the squared distance of each vector to each other one.</summary>
    /// <param name="queries">T x Q x D.</param>
    /// <param name="prototypes">T x way x D.</param>
    /// <returns>T x Q x way.</returns>
    public static torch.Tensor EuclideanScores(torch.Tensor queries, torch.Tensor prototypes)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(prototypes);
        using var scope = torch.NewDisposeScope();
        return (-Distances.Squared(queries, prototypes)).MoveToOuterDisposeScope();
    }

    /// <summary>The cosine of the angle between each vector and each other one.</summary>
    /// <param name="queries">T x Q x D.</param>
    /// <param name="others">T x N x D.</param>
    /// <returns>T x Q x N, from -1 to 1.</returns>
    public static torch.Tensor Cosines(torch.Tensor queries, torch.Tensor others)
    {
        ArgumentNullException.ThrowIfNull(queries);
        ArgumentNullException.ThrowIfNull(others);
        using var scope = torch.NewDisposeScope();
        return Distances.Cosines(queries, others).MoveToOuterDisposeScope();
    }

    private protected override torch.Tensor Compare(EmbeddedTasks tasks) => distance == Distance.Euclidean
        ? EuclideanScores(tasks.Query, tasks.Prototypes())
        : Cosines(tasks.Query, tasks.Prototypes()) * tasks.Learned[0];

    private static IReadOnlyList<WeightShape> Extra(Distance distance) => distance switch
    {
        Distance.Euclidean => [],
        Distance.Cosine => [new(ScaleName, [1], -1, true)],
        _ => throw new FewShotException($"There is no distance {distance}."),
    };
}
