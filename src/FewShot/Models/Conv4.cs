using TorchSharp;

namespace FewShot.Models;

/// <summary>Four blocks of 3 x 3 convolution, BatchNorm and ReLU, and a linear head: the usual small network of few-shot learning (Vinyals et al. 2016; Finn et al. 2017).</summary>
public sealed class Conv4 : IFunctionalModel
{
    /// <summary>A network of this form.</summary>
    public Conv4(Conv4Options options) => throw new NotImplementedException();

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
