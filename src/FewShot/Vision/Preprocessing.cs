using System.Globalization;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>How pixels become a network's input. The defaults are ImageNet's normalisation at 128 pixels.</summary>
/// <param name="Size">Side, in pixels, of the square the image is resized to.</param>
/// <param name="Antialias">Whether the resize averages when it shrinks (it changes nothing when it enlarges).</param>
public sealed record Preprocessing(int Size = 128, bool Antialias = true)
{
    /// <summary>ImageNet's channel means, of pixels scaled to 0..1.</summary>
    public IReadOnlyList<double> Mean { get; init; } = [0.485, 0.456, 0.406];

    /// <summary>ImageNet's channel standard deviations, of pixels scaled to 0..1.</summary>
    public IReadOnlyList<double> StandardDeviation { get; init; } = [0.229, 0.224, 0.225];

    /// <summary>A text equal for equal preprocessing; part of the key of every cached feature.</summary>
    public string Key => string.Create(
        CultureInfo.InvariantCulture,
        $"bilinear {Size}{(Antialias ? " antialias" : string.Empty)} mean {string.Join(',', Mean)} std {string.Join(',', StandardDeviation)}");

    /// <summary>Scales to 0..1, resizes to <see cref="Size"/> x <see cref="Size"/> (shorter side, then centre crop) and normalises.</summary>
    /// <param name="images">uint8, N x 3 x H x W, on any device.</param>
    /// <param name="device">Where to compute.</param>
    /// <returns>float32, N x 3 x Size x Size, on <paramref name="device"/>.</returns>
    public torch.Tensor Apply(torch.Tensor images, torch.Device device) =>
        throw new NotImplementedException();
}
