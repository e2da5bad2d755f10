using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// Varies whole batches at random, on the device they lie on, each image by a draw of its own. The order is flip, crop, zoom and shift,
/// rotation, RandAugment, brightness, contrast, saturation, hue, blur, erasing. The same seed and the same calls give
/// the same images, on every device.
/// </summary>
public sealed class Augmentation : IDisposable
{
    private const double MostSigma = 64;
    // Beyond three standard deviations a Gaussian has 0.3 % of its weight.
    private const double RadiusInSigmas = 3;

    // One column of the draw for each use, so that switching one change on leaves the others' draws alone.
    private enum Draw
    {
        Flip, CropRow, CropColumn, Angle, Brightness, Contrast, Saturation, Hue,
        Erase, EraseArea, EraseAspect, EraseRow, EraseColumn, Zoom, ZoomRow, ZoomColumn, Count,
    }

    private readonly AugmentationOptions options;
    private readonly torch.Generator generator;
    private readonly bool ownsGenerator;
    // Switches that came later draw from generators of their own, so that the draws of the others stay what they were.
    private readonly DrawStream blurDraws = new(stream: 1);
    private readonly DrawStream randAugmentDraws = new(stream: 2);

    /// <summary>Draws from a generator of its own.</summary>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public Augmentation(AugmentationOptions options, long seed)
        : this(options, NewGenerator(seed)) => ownsGenerator = true;

    /// <summary>Draws from <paramref name="generator"/>, which stays the caller's and lives on the CPU.</summary>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public Augmentation(AugmentationOptions options, torch.Generator generator)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(generator);
        Within(options.FlipProbability, 0, 1, nameof(options.FlipProbability));
        Within(options.CropPadding, 0, 4096, nameof(options.CropPadding));
        Within(options.Zoom, 0, 0.99, nameof(options.Zoom));
        Within(options.Shift, 0, 0.5, nameof(options.Shift));
        Within(options.RotationDegrees, 0, 180, nameof(options.RotationDegrees));
        Within(options.Brightness, 0, 10, nameof(options.Brightness));
        Within(options.Contrast, 0, 10, nameof(options.Contrast));
        Within(options.Saturation, 0, 10, nameof(options.Saturation));
        Within(options.Hue, 0, 0.5, nameof(options.Hue));
        Within(options.ErasingProbability, 0, 1, nameof(options.ErasingProbability));
        Within(options.ErasingMinimumArea, 0, 1, nameof(options.ErasingMinimumArea));
        Within(options.ErasingMaximumArea, options.ErasingMinimumArea, 1, nameof(options.ErasingMaximumArea));
        Within(options.ErasingAspect, 1, 100, nameof(options.ErasingAspect));
        if (options.Blur is { } blur)
        {
            Within(blur.Probability, 0, 1, $"{nameof(options.Blur)}.{nameof(blur.Probability)}");
            Within(blur.MinimumSigma, 1e-3, MostSigma, $"{nameof(options.Blur)}.{nameof(blur.MinimumSigma)}");
            Within(blur.MaximumSigma, blur.MinimumSigma, MostSigma, $"{nameof(options.Blur)}.{nameof(blur.MaximumSigma)}");
        }

        if (options.RandAugment is { } random)
        {
            Within(
                random.Operations, 1, Enum.GetValues<RandAugmentOperation>().Length,
                $"{nameof(options.RandAugment)}.{nameof(random.Operations)}");
            Within(random.Magnitude, 0, Vision.RandAugment.FullMagnitude, $"{nameof(options.RandAugment)}.{nameof(random.Magnitude)}");
        }

        this.options = options;
        this.generator = generator;
    }

    private bool MixesColours => options.Contrast > 0 || options.Saturation > 0 || options.Hue > 0;

    /// <summary>A varied copy of every image.</summary>
    /// <param name="images">N x 3 x H x W: uint8, or float32 scaled to 0..1 (before normalising). One channel will do where
    /// contrast, saturation and hue stay.</param>
    /// <param name="size">Side in pixels of a square result: the zoomed part is then sampled straight from the pixels, once. Null
    /// keeps the images' own size.</param>
    /// <returns>The same type and device, and the same shape but for <paramref name="size"/>.</returns>
    /// <exception cref="FewShotException">The images have another type or shape, or the size is not positive.</exception>
    public torch.Tensor Apply(torch.Tensor images, int? size = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4
            || !(images.shape[1] == 3 || (images.shape[1] == 1 && !MixesColours))
            || images.dtype is not (torch.ScalarType.Byte or torch.ScalarType.Float32))
        {
            throw new FewShotException(
                $"Augmentation takes uint8 or float32 images, N x 3 x H x W{(MixesColours ? string.Empty : " or N x 1 x H x W")}; " +
                $"found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        }

        if (size < 1)
            throw new FewShotException($"A varied image must be at least 1 pixel wide; asked for {size}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        // The numbers, a few for each image, are drawn on the CPU, so that every device works with the same ones.
        var draws = torch.rand(images.shape[0], (long)Draw.Count, torch.float32, generator: generator);
        return Vary(images, draws, size ?? (int)images.shape[2], size ?? (int)images.shape[3]).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        blurDraws.Dispose();
        randAugmentDraws.Dispose();
        if (ownsGenerator)
            generator.Dispose();
    }

    private torch.Tensor Vary(torch.Tensor images, torch.Tensor drawn, int height, int width)
    {
        var draws = drawn.to(images.device);
        torch.Tensor Uniform(Draw draw) => draws.select(1, (long)draw);
        torch.Tensor Between(Draw draw, double low, double high) => (Uniform(draw) * (high - low)) + low;
        torch.Tensor Factor(Draw draw, double strength) => Between(draw, Math.Max(0, 1 - strength), 1 + strength);

        var moved = images.alias();
        if (options.FlipProbability > 0)
            moved = Geometry.Flip(moved, Uniform(Draw.Flip) < options.FlipProbability);
        if (options.CropPadding > 0)
            moved = Geometry.PaddedCrop(moved, options.CropPadding, Place(Draw.CropRow), Place(Draw.CropColumn));
        torch.Tensor Place(Draw draw) =>
            (Uniform(draw) * ((2 * options.CropPadding) + 1)).floor().to(torch.int64).clamp_max(2 * options.CropPadding);

        var scaled = images.dtype == torch.ScalarType.Byte ? moved.to(torch.float32).div_(255) : moved;
        scaled = options.Zoom > 0 || options.Shift > 0
            ? Geometry.Zoom(
                scaled,
                1 - Between(Draw.Zoom, 0, options.Zoom),
                Between(Draw.ZoomRow, -1, 1),
                Between(Draw.ZoomColumn, -1, 1),
                2 * options.Shift,
                height,
                width)
            : Resize.Bilinear(scaled, height, width, antialias: true);
        if (options.RotationDegrees > 0)
            scaled = Geometry.Rotate(scaled, Between(Draw.Angle, -options.RotationDegrees, options.RotationDegrees));
        if (options.RandAugment is { } random)
        {
            var columns = random.Operations * Vision.RandAugment.DrawsPerOperation;
            scaled = Vision.RandAugment.Apply(scaled, randAugmentDraws.Next(drawn, columns), random.Magnitude);
        }

        if (options.Brightness > 0)
            scaled = Colour.Brightness(scaled, Factor(Draw.Brightness, options.Brightness));
        if (options.Contrast > 0)
            scaled = Colour.Contrast(scaled, Factor(Draw.Contrast, options.Contrast));
        if (options.Saturation > 0)
            scaled = Colour.Saturation(scaled, Factor(Draw.Saturation, options.Saturation));
        if (options.Hue > 0)
            scaled = Colour.Hue(scaled, Between(Draw.Hue, -options.Hue, options.Hue));
        if (options.Blur is { } blur)
            scaled = Blurred(scaled, blur);
        if (options.ErasingProbability > 0)
            scaled = Erase(scaled);
        return images.dtype == torch.ScalarType.Byte ? scaled.mul(255).round_().clamp_(0, 255).to(torch.uint8) : scaled.clone();

        torch.Tensor Blurred(torch.Tensor batch, GaussianBlurOptions blur)
        {
            var uniform = blurDraws.Next(drawn, 2).to(images.device);
            var sigma = (uniform.select(1, 1) * (blur.MaximumSigma - blur.MinimumSigma)) + blur.MinimumSigma;
            // One radius for all options of these, whatever the batch drew: an image does not depend on its neighbours.
            var radius = Math.Min((int)Math.Ceiling(RadiusInSigmas * blur.MaximumSigma), Math.Min(height, width) - 1);
            return Sharpening.Gaussian(batch, sigma * (uniform.select(1, 0) < blur.Probability), radius);
        }

        torch.Tensor Erase(torch.Tensor batch)
        {
            var area = Between(Draw.EraseArea, options.ErasingMinimumArea, options.ErasingMaximumArea) * (height * width);
            var aspect = Between(Draw.EraseAspect, -Math.Log(options.ErasingAspect), Math.Log(options.ErasingAspect)).exp();
            var rows = (area * aspect).sqrt().round().clamp(1, height) * (Uniform(Draw.Erase) < options.ErasingProbability);
            var columns = (area / aspect).sqrt().round().clamp(1, width);
            var top = (Uniform(Draw.EraseRow) * (height - rows + 1)).floor();
            var left = (Uniform(Draw.EraseColumn) * (width - columns + 1)).floor();
            return Geometry.Fill(batch, top, left, rows, columns);
        }
    }

    private static torch.Generator NewGenerator(long seed)
    {
        Torch.Load();
        return new torch.Generator(unchecked((ulong)seed), torch.CPU);
    }

    private static void Within(double value, double low, double high, string name)
    {
        if (!(value >= low && value <= high))
            throw new FewShotException($"{name} is {value}: use a value from {low} to {high}.");
    }
}
