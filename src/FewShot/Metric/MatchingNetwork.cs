using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// Matching network (Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra 2016, section 2.1): the answer is the mean of the support
/// labels, each weighed by a softmax over the cosines between the query and all support vectors (equation 1 and the attention after it).
/// </summary>
/// <remarks>
/// Without full-context embeddings (section 2.1.1 and 2.1.2): support and query pass through the same network, each image by itself.
/// </remarks>
public sealed class MatchingNetwork : MetricLearner
{
    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">The weights do not fit the network.</exception>
    public MatchingNetwork(IEmbedding embedding, ModelWeights initial)
        : base(embedding, initial)
    {
    }

    internal override string Identity => $"{nameof(MatchingNetwork)} {Embedding.Name}";

    /// <summary>The logarithm of each class's share of the attention, which the cross-entropy takes as it is.</summary>
    private protected override torch.Tensor Compare(EmbeddedTasks tasks) =>
        ProtoNet.Cosines(tasks.Query, tasks.Support).softmax(2).bmm(tasks.Members).log();
}
