using TorchSharp;

namespace FewShot.Heads;

/// <summary>Some episodes of a batch as a head sees them, transformed.</summary>
/// <param name="Start">Number of the first of them within the batch.</param>
/// <param name="Support">E x S x D.</param>
/// <param name="Labels">int64, E x S.</param>
/// <param name="Query">E x Q x D.</param>
/// <param name="Way">Number of classes.</param>
internal sealed record EpisodeChunk(int Start, torch.Tensor Support, torch.Tensor Labels, torch.Tensor Query, int Way)
{
    /// <summary>The labels as 0 and 1, E x S x way, of the features' type.</summary>
    public torch.Tensor Targets => torch.nn.functional.one_hot(Labels, Way).to(Support.dtype);

    /// <summary>The mean of each class's support, E x way x D.</summary>
    public torch.Tensor Centroids()
    {
        var members = Targets.transpose(1, 2);
        return members.bmm(Support) / members.sum(2, keepdim: true);
    }
}
