using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Metric;

/// <summary>
/// R2-D2, trained end to end (Bertinetto, Henriques, Torr and Vedaldi 2019, section 3.2): on the support vectors of each task a ridge
/// regression to the one-hot labels is solved in closed form, and the gradient passes through the solution. How strong the ridge is, and
/// scale and shift from the regression's values to class scores, are learned (equations 4 to 7).
/// </summary>
/// <remarks>
/// The solution is written with the matrix of the examples and not of the features (Woodbury), S x S, as there are fewer of them. The
/// strength is kept as its logarithm, and so stays above 0; it starts at 1, the scale at 1 and the shift at 0.
/// </remarks>
public sealed class R2D2 : MetricLearner
{
    /// <summary>Name of the logarithm of the ridge's strength: one value.</summary>
    internal const string StrengthName = "ridge.log_strength";

    /// <summary>Name of the scale: one value.</summary>
    internal const string ScaleName = "adjust.scale";

    /// <summary>Name of the shift: one value.</summary>
    internal const string ShiftName = "adjust.shift";

    /// <summary>Starts from these weights, which are copied and stay the caller's.</summary>
    /// <exception cref="FewShotException">The weights do not fit the network.</exception>
    public R2D2(IEmbedding embedding, ModelWeights initial)
        : base(embedding, initial, [new(StrengthName, [1], -1, true), new(ScaleName, [1], -1, true), new(ShiftName, [1], -1, true)])
    {
        using var noGradient = torch.no_grad();
        _ = MetaParameters[ScaleName].fill_(1);
    }

    internal override string Identity => $"{nameof(R2D2)} {Embedding.Name}";

    private protected override torch.Tensor Compare(EmbeddedTasks tasks)
    {
        var (strength, scale, shift) = (tasks.Learned[0].exp(), tasks.Learned[1], tasks.Learned[2]);
        var support = tasks.Support;
        var identity = torch.eye(support.shape[1], dtype: support.dtype, device: support.device);
        var solved = torch.linalg.solve(support.bmm(support.transpose(1, 2)) + (strength * identity), tasks.Members);
        return (tasks.Query.bmm(support.transpose(1, 2)).bmm(solved) * scale) + shift;
    }
}
