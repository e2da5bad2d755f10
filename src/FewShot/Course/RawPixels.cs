using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Course;

/// <summary>
/// No backbone at all: an image's features are its normalised pixels. What a classifier reaches with them is what a backbone must beat.
/// </summary>
/// <param name="side">Height and width of the images, in pixels, after preprocessing.</param>
public sealed class RawPixels(int side) : IFeatureExtractor
{
    /// <inheritdoc/>
    public string Name => Description;

    /// <inheritdoc/>
    public string Description => "raw pixels";

    /// <inheritdoc/>
    public string WeightsDigest => "none";

    /// <inheritdoc/>
    public int FeatureCount => 3 * side * side;

    /// <inheritdoc/>
    /// <exception cref="FewShotException">The images have another size.</exception>
    public torch.Tensor Features(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return images.dim() == 4 && images.shape[1] == 3 && images.shape[2] == side && images.shape[3] == side
            ? images.flatten(1).clone()
            : throw new FewShotException($"Raw pixels were promised N x 3 x {side} x {side}; found [{string.Join(", ", images.shape)}].");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
