using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>A classifier of feature vectors.</summary>
public interface IHead : IDisposable
{
    /// <summary>What it was fitted on: it refuses to judge anything else. Of plain tensors only the length of a vector is known.</summary>
    LabelledSpace Space { get; }

    /// <summary>How much each class fits.</summary>
    /// <param name="features">float32, N x D, on the CPU.</param>
    /// <returns>float32, N x classes, the higher the likelier.</returns>
    torch.Tensor Scores(torch.Tensor features);
}
