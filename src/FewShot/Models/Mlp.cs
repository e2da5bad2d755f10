using TorchSharp;

namespace FewShot.Models;

/// <summary>A multi-layer perceptron with ReLU between its layers; 1-40-40-1 is the network of the sinusoid (Finn et al. 2017, section 5.1).</summary>
public sealed class Mlp : IFunctionalModel
{
    /// <summary>A network of these layer sizes, from inputs to outputs.</summary>
    public Mlp(params IReadOnlyList<int> sizes) => throw new NotImplementedException();

    /// <inheritdoc/>
    public string Name => throw new NotImplementedException();

    /// <inheritdoc/>
    public IReadOnlyList<WeightShape> Weights => throw new NotImplementedException();

    /// <inheritdoc/>
    public bool UsesBatchNorm => throw new NotImplementedException();

    /// <inheritdoc/>
    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32) => throw new NotImplementedException();

    /// <inheritdoc/>
    public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0) => throw new NotImplementedException();

    /// <inheritdoc/>
    public torch.Tensor ForwardTask(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0) => throw new NotImplementedException();
}
