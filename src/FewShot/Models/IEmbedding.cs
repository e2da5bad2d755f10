using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A network from images to vectors, for learners that compare vectors and give no task weights of its own: the images of all tasks pass
/// through it as one batch. It holds no weights: they are arguments.
/// </summary>
public interface IEmbedding
{
    /// <summary>What it is called in outputs: "ResNet-12".</summary>
    string Name { get; }

    /// <summary>The weights, in the order in which they are passed.</summary>
    IReadOnlyList<WeightShape> Weights { get; }

    /// <summary>Its BatchNorm layers.</summary>
    IReadOnlyList<NormLayer> NormLayers { get; }

    /// <summary>Channels, height and width of the map that an image becomes.</summary>
    (long Channels, long Height, long Width) MapSize { get; }

    /// <summary>Length D of a vector.</summary>
    long FeatureCount { get; }

    /// <summary>Fresh weights on the device that computes.</summary>
    /// <param name="seed">The same seed gives the same weights on every machine.</param>
    /// <param name="dtype">float32 or float64.</param>
    ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32);

    /// <summary>Images to maps.</summary>
    /// <param name="weights">One for each of <see cref="Weights"/>, of its shape.</param>
    /// <param name="images">Of the weights' type, N x the size of an image.</param>
    /// <param name="statistics">Mean and variance for the BatchNorm layers.</param>
    /// <returns>N x <see cref="MapSize"/>.</returns>
    torch.Tensor Maps(IReadOnlyList<torch.Tensor> weights, torch.Tensor images, NormStatistics statistics);

    /// <summary>Maps to vectors.</summary>
    /// <param name="maps">As <see cref="Maps"/> gives them.</param>
    /// <returns>N x D.</returns>
    torch.Tensor Vectors(torch.Tensor maps);
}
