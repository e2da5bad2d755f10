using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Labelled feature vectors that know what they are: what a head is fitted on.</summary>
public interface ILabelledFeatures
{
    /// <summary>float32, views x N x D, on the CPU.</summary>
    torch.Tensor Views { get; }

    /// <summary>int64, N, on the CPU.</summary>
    torch.Tensor Labels { get; }

    /// <summary>Classes, length, preprocessing and backbone; the names of the classes are known.</summary>
    LabelledSpace Space { get; }
}
