using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>How pixels become a network's input. The defaults are torchvision's normalisation for ImageNet at 128 pixels.</summary>
/// <param name="Size">Side, in pixels, of the square the image is resized to.</param>
/// <param name="Antialias">Whether the resize averages when it shrinks (it changes nothing when it enlarges).</param>
public sealed record Preprocessing(int Size = 128, bool Antialias = true)
{
    /// <summary>How resized pixels become the numbers that the network was trained on.</summary>
    public Normalisation Normalisation { get; init; } = new ChannelNormalisation();

    /// <summary>A text equal for equal preprocessing; part of the key of every cached feature.</summary>
    public string Key =>
        string.Create(CultureInfo.InvariantCulture, $"bilinear {Size}{(Antialias ? " antialias" : string.Empty)} {Normalisation.Key}");

    /// <summary>
    /// Scales to 0..1, resizes to <see cref="Size"/> x <see cref="Size"/> (shorter side, then centre crop) and normalises.
    /// </summary>
    /// <param name="images">uint8, N x 3 x H x W, on any device.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>float32, N x 3 x Size x Size, on <paramref name="device"/>.</returns>
    /// <exception cref="FewShotException">The images have another type or shape, or a setting is out of range.</exception>
    public torch.Tensor Apply(torch.Tensor images, torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3 || images.dtype != torch.ScalarType.Byte)
        {
            throw new FewShotException(
                $"Preprocessing takes uint8 images, N x 3 x H x W; found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        }

        using var scope = torch.NewDisposeScope();
        var scaled = images.to(device).to(torch.float32).div_(255);
        var resized = Resize.CentreCrop(Resize.ShorterSide(scaled, Size, Antialias), Size, Size);
        return Normalisation.Apply(resized).MoveToOuterDisposeScope();
    }
}
