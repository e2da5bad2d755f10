using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A multi-layer perceptron with ReLU between its layers; 1-40-40-1 is the network of the sinusoid (Finn et al. 2017, section 5.1).
/// An example is a vector.
/// </summary>
public sealed class Mlp : IFunctionalModel
{
    private const double InitialDeviation = 0.01;
    private readonly int layers;

    /// <summary>A network of these layer sizes, from inputs to outputs.</summary>
    /// <exception cref="FewShotException">There are fewer than two, or one is below 1.</exception>
    public Mlp(params IReadOnlyList<int> sizes)
    {
        ArgumentNullException.ThrowIfNull(sizes);
        if (sizes.Count < 2 || sizes.Any(size => size < 1))
            throw new FewShotException($"An MLP needs at least two layer sizes, each at least 1; found {string.Join("-", sizes)}.");
        layers = sizes.Count - 1;
        Name = $"MLP {string.Join("-", sizes)}";
        Weights = [.. Enumerable.Range(0, layers).SelectMany(layer => new WeightShape[]
        {
            new($"layer{layer + 1}.weight", [sizes[layer + 1], sizes[layer]], layer, layer == layers - 1),
            new($"layer{layer + 1}.bias", [sizes[layer + 1]], layer, layer == layers - 1),
        })];
        ValuesPerExample = sizes.Sum();
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightShape> Weights { get; }

    /// <inheritdoc/>
    public bool UsesBatchNorm => false;

    /// <inheritdoc/>
    public long ValuesPerExample { get; }

    /// <summary>
    /// Weights from a normal distribution of deviation 0.01, cut at twice that, and zero biases, as in
    /// the authors' code (cbfinn/maml, <c>construct_fc_weights</c>).
    /// </summary>
    /// <inheritdoc/>
    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var weights = new ModelWeights(Weights, dtype);
        foreach (var (index, shape) in Weights.Index().Where(entry => entry.Item.Shape.Count == 2))
        {
            var random = new StableRandom(seed, index);
            weights.Fill(index, Enumerable.Range(0, (int)shape.Count).Select(_ => InitialDeviation * Truncated(random)));
        }

        return weights;
    }

    /// <inheritdoc/>
    public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.dim() != 3 || inputs.shape[2] != Weights[0].Shape[1])
        {
            throw new FewShotException(
                $"{Name} takes tasks x examples x {Weights[0].Shape[1]}; found [{string.Join(", ", inputs.shape)}].");
        }

        var hidden = inputs;
        for (var layer = 0; layer < layers; layer++)
        {
            hidden = hidden.bmm(weights[2 * layer].transpose(1, 2)) + weights[(2 * layer) + 1].unsqueeze(1);
            if (layer < layers - 1)
                hidden = hidden.relu();
        }

        return hidden;
    }

    private static double Truncated(StableRandom random)
    {
        double value;
        do
            value = random.NearlyNormal();
        while (Math.Abs(value) > 2);
        return value;
    }
}
