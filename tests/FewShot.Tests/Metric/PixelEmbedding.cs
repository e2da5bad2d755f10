using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Metric;

/// <summary>An image of two pixels is its own vector, times one weight that starts at 1.</summary>
internal sealed class PixelEmbedding : IEmbedding
{
    public string Name => "pixels";

    public IReadOnlyList<WeightShape> Weights { get; } = [new("factor", [1], 0, false)];

    public IReadOnlyList<NormLayer> NormLayers => [];

    public (long Channels, long Height, long Width) MapSize => (2, 1, 1);

    public long FeatureCount => 2;

    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var weights = new ModelWeights(Weights, dtype);
        _ = weights.Flat.fill_(1);
        return weights;
    }

    public torch.Tensor Maps(IReadOnlyList<torch.Tensor> weights, torch.Tensor images, NormStatistics statistics) => images * weights[0];

    public torch.Tensor Vectors(torch.Tensor maps) => maps.flatten(1);
}
