using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// How scaled pixels become the numbers a network was trained on. A network is right only with the normalisation of its training.
/// </summary>
public abstract record Normalisation
{
    /// <summary>A text equal for equal normalisations; part of the key of every cached feature.</summary>
    public abstract string Key { get; }

    /// <summary>Normalises a batch.</summary>
    /// <param name="images">float32, N x 3 x H x W, red, green and blue, scaled to 0..1.</param>
    /// <returns>float32, same shape and device.</returns>
    /// <exception cref="Runtime.FewShotException">A setting is out of range.</exception>
    public abstract torch.Tensor Apply(torch.Tensor images);
}
