using System.Globalization;
using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Course;

/// <summary>A task whose classes are colours: images made grey, then tinted. What is on an image says nothing about its class.</summary>
public static class TintedImages
{
    // How far a tint is from grey: the darkest channel of a tinted white is a quarter.
    private const double Saturation = 0.75;

    /// <summary>Tints the images in turn.</summary>
    /// <param name="source">Images of three channels; they stay the caller's.</param>
    /// <param name="tints">Number of colours, evenly around the circle from red on, at least 2.</param>
    /// <returns>As many images; image i has the class i modulo <paramref name="tints"/>, named by its angle on the colour circle.</returns>
    /// <exception cref="FewShotException">There are too few images or tints, or the images have no colour.</exception>
    public static ImageSet Make(ImageSet source, int tints)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (tints < 2 || source.Count < tints || source.Images.shape[1] != 3)
        {
            throw new FewShotException(
                $"{source.Name}: tinting needs at least 2 tints, as many images, and three channels; found {tints} tints, "
                + $"{source.Count} images and {source.Images.shape[1]} channels.");
        }

        using var scope = torch.NewDisposeScope();
        var grey = (source.Images * torch.tensor(new[] { 0.299f, 0.587f, 0.114f }).view(1, 3, 1, 1)).sum(1, keepdim: true);
        var labels = torch.arange(source.Count, torch.int64).remainder(tints);
        // Red, green and blue of a hue are the same curve, a third of the circle apart.
        var k = ((labels.to(torch.float32) * (6.0 / tints)).unsqueeze(1) + torch.tensor(new[] { 5f, 3f, 1f })).remainder(6);
        var colour = 1 - (Saturation * torch.minimum(k, 4 - k).clamp(0, 1));
        var images = (grey * colour.unsqueeze(-1).unsqueeze(-1)).round().clamp(0, 255).to(torch.uint8);
        return new ImageSet(
            $"{source.Name}, tinted",
            images,
            labels,
            [.. Enumerable.Range(0, tints).Select(tint => string.Create(CultureInfo.InvariantCulture, $"hue {360.0 * tint / tints:0}°"))],
            source.IsStandIn);
    }
}
