using TorchSharp;

namespace FewShot.Heads;

/// <summary>Comparisons of the vectors of an episode, for many episodes at once; gradients flow through them.</summary>
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

    /// <summary>The cosine of the angle between each vector and each other one.</summary>
    /// <param name="from">E x N x D.</param>
    /// <param name="to">E x M x D.</param>
    /// <returns>E x N x M, from -1 to 1.</returns>
    public static torch.Tensor Cosines(torch.Tensor from, torch.Tensor to)
    {
        static torch.Tensor Unit(torch.Tensor vectors) => torch.nn.functional.normalize(vectors, dim: 2);
        return Unit(from).bmm(Unit(to).transpose(1, 2));
    }
}
