using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A network that holds no weights: they are arguments, because an inner loop replaces them at every step and its gradient must pass
/// through the replaced ones.
/// </summary>
public interface IFunctionalModel
{
    /// <summary>What it is called in outputs: "MLP 1-40-40-1".</summary>
    string Name { get; }

    /// <summary>The weights, in the order in which they are passed.</summary>
    IReadOnlyList<WeightShape> Weights { get; }

    /// <summary>Whether examples of a task influence each other through BatchNorm.</summary>
    bool UsesBatchNorm { get; }

    /// <summary>
    /// Numbers that one example becomes on its way through the layers: what decides how many tasks are computed together.
    /// </summary>
    long ValuesPerExample { get; }

    /// <summary>Fresh weights on the device that computes.</summary>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    /// <param name="dtype">float32 or float64.</param>
    ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32);

    /// <summary>All tasks at once, each through weights of its own.</summary>
    /// <param name="weights">One for each of <see cref="Weights"/>, T x its shape (a stride of 0 over tasks is allowed).</param>
    /// <param name="inputs">T x N x the size of an example.</param>
    /// <param name="statistics">BatchNorm takes the mean and variance of each task's first so many examples; 0 stands for all N.</param>
    /// <returns>T x N x outputs: class scores (logits), or predicted values.</returns>
    torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0);
}
