using TorchSharp;

namespace FewShot.Models;

/// <summary>A frozen backbone: images in, one feature vector each out, always in evaluation mode.</summary>
public interface IFeatureExtractor : IDisposable
{
    /// <summary>What it is, for outputs: "ResNet-18 (ImageNet), resnet18.safetensors, SHA-256 694f673d...".</summary>
    string Description { get; }

    /// <summary>SHA-256 of the weights, in hexadecimal; keys every cached feature.</summary>
    string WeightsDigest { get; }

    /// <summary>True for a backbone of ours that stands in for the ImageNet one; every output that uses it says so.</summary>
    bool IsStandIn { get; }

    /// <summary>Length D of a feature vector.</summary>
    int FeatureCount { get; }

    /// <summary>Features of a batch, without gradient.</summary>
    /// <param name="images">float32, N x 3 x H x W, normalised, on the backbone's device.</param>
    /// <returns>float32, N x D, on the same device.</returns>
    torch.Tensor Features(torch.Tensor images);
}
