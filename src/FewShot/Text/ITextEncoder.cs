using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Text;

/// <summary>Texts in, one vector each out: what a backbone is for images.</summary>
public interface ITextEncoder
{
    /// <summary>What it is called in outputs: "all-MiniLM-L6-v2".</summary>
    string Name { get; }

    /// <summary>Length D of a vector.</summary>
    int FeatureCount { get; }

    /// <summary>SHA-256, in hexadecimal, of all that decides a vector; keys every cached feature.</summary>
    string WeightsDigest { get; }

    /// <summary>How a text becomes the encoder's input, as a key.</summary>
    string Preprocessing { get; }

    /// <summary>The vectors of texts, without gradient.</summary>
    /// <param name="texts">At least one text.</param>
    /// <param name="progress">Told the number of texts done.</param>
    /// <returns>float32, N x D, on the CPU.</returns>
    /// <exception cref="FewShotException">There is no text, or one is empty.</exception>
    torch.Tensor Encode(IReadOnlyList<string> texts, IProgress<StepProgress>? progress = null);
}
