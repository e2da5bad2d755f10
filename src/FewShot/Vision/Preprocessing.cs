using System.Globalization;
using FewShot.Runtime;
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
    /// <exception cref="FewShotException">The images have another type or shape, or a setting is out of range.</exception>
    public torch.Tensor Apply(torch.Tensor images, torch.Device device)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3 || images.dtype != torch.ScalarType.Byte)
            throw new FewShotException($"Preprocessing takes uint8 images, N x 3 x H x W; found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        using var scope = torch.NewDisposeScope();
        // Bilinear weights add up to 1, so normalising commutes with the resize; small images are cheaper to normalise before it.
        var scaled = Normalise(images.to(device).to(torch.float32).div_(255));
        var resized = Resize.CentreCrop(Resize.ShorterSide(scaled, Size, Antialias), Size, Size);
        return resized.MoveToOuterDisposeScope();
    }

    /// <summary>Takes the mean from each channel and divides by its standard deviation.</summary>
    /// <param name="images">float32, N x 3 x H x W, scaled to 0..1.</param>
    /// <returns>float32, same shape.</returns>
    /// <exception cref="FewShotException">There are not three means and three positive deviations.</exception>
    public torch.Tensor Normalise(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (Mean.Count != 3 || StandardDeviation.Count != 3 || !StandardDeviation.All(deviation => deviation > 0))
            throw new FewShotException("Preprocessing needs three means and three standard deviations above 0, one for each channel.");
        using var scope = torch.NewDisposeScope();
        var mean = torch.tensor(Mean.ToArray(), torch.float32, images.device).view(1, 3, 1, 1);
        var deviation = torch.tensor(StandardDeviation.ToArray(), torch.float32, images.device).view(1, 3, 1, 1);
        return (images - mean).div_(deviation).MoveToOuterDisposeScope();
    }
}
