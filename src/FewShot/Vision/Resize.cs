using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>Resizing and cropping of whole batches, with torchvision's arithmetic and rounding.</summary>
public static class Resize
{
    /// <summary>Bilinear interpolation with half-pixel centres (<c>align_corners=False</c>).</summary>
    /// <param name="images">Floating point, N x C x H x W.</param>
    /// <param name="height">New height in pixels.</param>
    /// <param name="width">New width in pixels.</param>
    /// <param name="antialias">Whether to average over all pixels that a new one covers where the image shrinks, as PIL does.</param>
    /// <returns>N x C x height x width.</returns>
    public static torch.Tensor Bilinear(torch.Tensor images, int height, int width, bool antialias)
    {
        Check(images, height, width);
        var (h, w) = (images.shape[2], images.shape[3]);
        if (h == height && w == width)
            return images.alias();
        // Where neither side shrinks both filters are the same; the plain one is faster.
        var shrinks = height < h || width < w;
        return torch.nn.functional.interpolate(
            images, size: [height, width], mode: torch.InterpolationMode.Bilinear, align_corners: false, antialias: antialias && shrinks);
    }

    /// <summary>
    /// Makes the shorter side <paramref name="size"/> pixels long and keeps the proportions (the longer side rounds down).
    /// </summary>
    /// <inheritdoc cref="Bilinear"/>
    public static torch.Tensor ShorterSide(torch.Tensor images, int size, bool antialias)
    {
        Check(images, size, size);
        var (h, w) = (images.shape[2], images.shape[3]);
        return h <= w
            ? Bilinear(images, size, (int)(size * w / h), antialias)
            : Bilinear(images, (int)(size * h / w), size, antialias);
    }

    /// <summary>The middle of each image; an odd remainder is split as torchvision does, half to even.</summary>
    /// <param name="images">N x C x H x W.</param>
    /// <param name="height">Height in pixels, at most H.</param>
    /// <param name="width">Width in pixels, at most W.</param>
    /// <returns>N x C x height x width, a view.</returns>
    public static torch.Tensor CentreCrop(torch.Tensor images, int height, int width)
    {
        Check(images, height, width);
        var (h, w) = (images.shape[2], images.shape[3]);
        if (height > h || width > w)
            throw new FewShotException($"A crop of {height} x {width} pixels does not fit in images of {h} x {w}.");
        using var rows = images.narrow(2, (long)Math.Round((h - height) / 2.0), height);
        return rows.narrow(3, (long)Math.Round((w - width) / 2.0), width);
    }

    private static void Check(torch.Tensor images, int height, int width)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[2] < 1 || images.shape[3] < 1)
            throw new FewShotException($"Images must be N x C x H x W; found shape [{string.Join(", ", images.shape)}].");
        if (height < 1 || width < 1)
            throw new FewShotException($"An image must be at least 1 x 1 pixel; asked for {height} x {width}.");
    }
}
