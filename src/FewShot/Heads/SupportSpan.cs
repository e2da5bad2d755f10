using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// The support of an episode in coordinates of the space that it spans. A linear classifier that is penalised by its length, or has none,
/// has its weights in that space, so that a problem of S examples has S features, however many the backbone gives: distances and
/// products of the support stay what they are.
/// </summary>
/// <param name="Coordinates">E x S x R, where R is the smaller of S and D.</param>
/// <param name="Basis">E x D x R with orthonormal columns; null where the coordinates are the features themselves.</param>
internal sealed record SupportSpan(torch.Tensor Coordinates, torch.Tensor? Basis)
{
    /// <summary>Finds the coordinates.</summary>
    /// <param name="support">E x S x D.</param>
    public static SupportSpan Of(torch.Tensor support)
    {
        if (support.shape[1] >= support.shape[2])
            return new SupportSpan(support, null);
        var (basis, triangle) = torch.linalg.qr(support.transpose(1, 2));
        return new SupportSpan(triangle.transpose(1, 2).contiguous(), basis);
    }

    /// <summary>Weights of the coordinates as weights of the features.</summary>
    /// <param name="weights">E x way x R.</param>
    /// <returns>E x way x D.</returns>
    public torch.Tensor Lift(torch.Tensor weights) => Basis is null ? weights : weights.bmm(Basis.transpose(1, 2));
}
