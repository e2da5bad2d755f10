using FewShot.Models;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>The embedded examples of T tasks, as a <see cref="MetricLearner"/> compares them.</summary>
/// <param name="Support">T x S x D, or T x S x channels x height x width where maps are compared.</param>
/// <param name="Members">Which support example is of which class, T x S x way, 1 or 0, of the type of the weights.</param>
/// <param name="Query">T x Q x D, or T x Q x channels x height x width.</param>
/// <param name="Learned">What the learner learns beside the weights of its embedding.</param>
/// <param name="Statistics">For a learner that has BatchNorm layers of its own.</param>
internal sealed record EmbeddedTasks(
    torch.Tensor Support,
    torch.Tensor Members,
    torch.Tensor Query,
    IReadOnlyList<torch.Tensor> Learned,
    NormStatistics Statistics)
{
    /// <summary>Number of tasks T.</summary>
    public long Count => Support.shape[0];

    /// <summary>Number of classes of a task.</summary>
    public long Way => Members.shape[2];

    /// <summary>The mean of each class's support vectors, T x way x D (Snell et al. 2017, equation 1): one product for all tasks.</summary>
    public torch.Tensor Prototypes() => Sums(Support).div(Members.sum([1]).unsqueeze(2));

    /// <summary>The sum over each class's support examples, T x way x D.</summary>
    /// <param name="support">T x S x D.</param>
    public torch.Tensor Sums(torch.Tensor support) => Members.transpose(1, 2).bmm(support);
}
