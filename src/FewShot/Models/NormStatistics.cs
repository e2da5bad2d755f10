using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// Where the BatchNorm layers of an <see cref="IEmbedding"/> take mean and variance from (Ioffe and Szegedy 2015, sections 3 and 3.1).
/// </summary>
/// <remarks>
/// In training from all images of the batch, whichever task they belong to. In evaluation from the running averages that training left:
/// then no image has a say in what becomes of another, and every query is answered by itself.
/// </remarks>
public sealed class NormStatistics
{
    private const double Epsilon = 1e-5;
    private const double Momentum = 0.1;
    private readonly IReadOnlyDictionary<string, torch.Tensor> running;
    private readonly bool training;

    private NormStatistics(IReadOnlyDictionary<string, torch.Tensor> running, bool training) =>
        (this.running, this.training) = (running, training);

    /// <summary>Means and variances of the batch at hand; the running averages move towards them by a tenth.</summary>
    /// <param name="running">Means and variances by name (see <see cref="NormLayer"/>); changed in place.</param>
    public static NormStatistics OfTheBatch(IReadOnlyDictionary<string, torch.Tensor> running) => new(running, training: true);

    /// <summary>The running averages, which stay as they are.</summary>
    /// <param name="running">Means and variances by name.</param>
    public static NormStatistics OfTraining(IReadOnlyDictionary<string, torch.Tensor> running) => new(running, training: false);

    /// <summary>Mean 0 and variance 1 for every layer: what training starts from.</summary>
    /// <param name="layers">The layers.</param>
    /// <param name="like">A tensor of the type and on the device that are wanted.</param>
    /// <returns>Tensors that belong to no dispose scope.</returns>
    internal static Dictionary<string, torch.Tensor> Start(IEnumerable<NormLayer> layers, torch.Tensor like)
    {
        var running = new Dictionary<string, torch.Tensor>(StringComparer.Ordinal);
        foreach (var layer in layers)
        {
            running[layer.Mean] = like.new_zeros(layer.Channels).DetachFromDisposeScope();
            running[layer.Variance] = like.new_ones(layer.Channels).DetachFromDisposeScope();
        }

        return running;
    }

    /// <summary>Normalises each channel, then scales and shifts it.</summary>
    /// <param name="layer">Which layer.</param>
    /// <param name="values">N x channels x height x width.</param>
    /// <param name="scale">One for each channel.</param>
    /// <param name="shift">One for each channel.</param>
    internal torch.Tensor Normalise(NormLayer layer, torch.Tensor values, torch.Tensor scale, torch.Tensor shift) =>
        torch.nn.functional.batch_norm(
            values, running[layer.Mean], running[layer.Variance], scale, shift, training, Momentum, Epsilon);
}
