using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// Blue, green, red, in 0..255, less the mean over all training images at each place: how networks of Caffe's and CNTK's line were
/// trained. At another size than its own, the mean image is resized as the images are.
/// </summary>
public sealed record MeanImageNormalisation : Normalisation
{
    private readonly float[] mean;
    private readonly int side;
    private readonly string digest;

    /// <summary>Keeps a copy of the mean image.</summary>
    /// <param name="mean">3 x side x side values in 0..255, channel by channel: blue, green, red.</param>
    /// <param name="side">Height and width of the mean image in pixels.</param>
    /// <param name="digest">SHA-256, in hexadecimal, of the file that holds it.</param>
    /// <exception cref="FewShotException">The number of values does not fit, or one is not finite.</exception>
    public MeanImageNormalisation(IReadOnlyList<float> mean, int side, string digest)
    {
        ArgumentNullException.ThrowIfNull(mean);
        ArgumentException.ThrowIfNullOrEmpty(digest);
        if (side < 1 || mean.Count != 3L * side * side || !mean.All(float.IsFinite))
        {
            throw new FewShotException(
                $"A mean image of {side} x {side} pixels needs {3L * side * side:N0} finite values; found {mean.Count:N0}.");
        }

        this.mean = [.. mean];
        this.side = side;
        this.digest = digest;
    }

    /// <inheritdoc/>
    public override string Key => $"BGR 0-255 less mean image {digest}";

    /// <inheritdoc/>
    public override torch.Tensor Apply(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        using var scope = torch.NewDisposeScope();
        var place = torch.tensor(mean, [1, 3, side, side], torch.float32, images.device);
        var resized = Resize.Bilinear(place, (int)images.shape[2], (int)images.shape[3], antialias: true);
        return images.flip(1).mul_(255).sub_(resized).MoveToOuterDisposeScope();
    }

    /// <summary>Equal where the files of the mean images are.</summary>
    public bool Equals(MeanImageNormalisation? other) => other is not null && digest == other.digest;

    /// <inheritdoc/>
    public override int GetHashCode() => digest.GetHashCode(StringComparison.Ordinal);
}
