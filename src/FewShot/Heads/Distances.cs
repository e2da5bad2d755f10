using TorchSharp;

namespace FewShot.Heads;

/// <summary>Distances between the feature vectors of an episode, for many episodes at once.</summary>
internal static class Distances
{
    /// <summary>Squared Euclidean distances.</summary>
    /// <param name="from">E x N x D.</param>
    /// <param name="to">E x M x D.</param>
    /// <returns>E x N x M, at least 0.</returns>
    public static torch.Tensor Squared(torch.Tensor from, torch.Tensor to)
    {
        // Both are moved to where the second lies first: |a|^2 - 2 ab + |b|^2 loses digits far from the origin.
        var middle = to.mean([1], keepdim: true);
        var (a, b) = (from - middle, to - middle);
        var products = a.bmm(b.transpose(1, 2)).mul_(-2);
        return products.add_(a.square().sum(2, keepdim: true)).add_(b.square().sum(2).unsqueeze(1)).clamp_min_(0);
    }
}
