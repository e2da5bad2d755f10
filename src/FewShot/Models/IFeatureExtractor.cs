using TorchSharp;

namespace FewShot.Models;

/// <summary>A frozen backbone: images in, one feature vector each out, always in evaluation mode.</summary>
public interface IFeatureExtractor : IDisposable
{
    /// <summary>What it is called in outputs: "20-layer ResNet".</summary>
    string Name { get; }

    /// <summary>
    /// Name, source and digest of the weights: "20-layer ResNet (Microsoft.ML.DnnImageFeaturizer.ResNet18 0.23.1, SHA-256 e2552f19...)".
    /// </summary>
    string Description { get; }

    /// <summary>SHA-256 of the weights, in hexadecimal; keys every cached feature.</summary>
    string WeightsDigest { get; }

    /// <summary>Length D of a feature vector.</summary>
    int FeatureCount { get; }

    /// <summary>Features of a batch, without gradient.</summary>
    /// <param name="images">float32, N x 3 x H x W, normalised, on the backbone's device.</param>
    /// <returns>float32, N x D, on the same device.</returns>
    torch.Tensor Features(torch.Tensor images);
}
