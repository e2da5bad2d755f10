using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Ridge regression in closed form, for many problems at once ("Meta-learning with differentiable closed-form solvers", Bertinetto et al.
/// 2019, section 3.2): of fewer examples than features the matrix to solve is examples x examples, by Woodbury's identity (equation 6
/// there). It can be differentiated.
/// </summary>
internal static class RidgeSolver
{
    /// <summary>The weights at which mean squared error + strength x squared weights is least.</summary>
    /// <param name="inputs">B x N x D.</param>
    /// <param name="targets">B x N x C.</param>
    /// <param name="strength">Above 0.</param>
    /// <returns>B x D x C.</returns>
    public static torch.Tensor Weights(torch.Tensor inputs, torch.Tensor targets, double strength)
    {
        using var scope = torch.NewDisposeScope();
        var (examples, features) = (inputs.shape[1], inputs.shape[2]);
        var turned = inputs.transpose(1, 2);
        var weights = examples < features
            ? turned.bmm(Solve(inputs.bmm(turned), targets, strength * examples))
            : Solve(turned.bmm(inputs), turned.bmm(targets), strength * examples);
        return weights.MoveToOuterDisposeScope();
    }

    private static torch.Tensor Solve(torch.Tensor products, torch.Tensor right, double penalty)
    {
        var regular = products + (penalty * torch.eye(products.shape[1], dtype: products.dtype, device: products.device));
        return torch.cholesky_solve(right, torch.linalg.cholesky(regular));
    }
}
