using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// RandAugment (Cubuk et al. 2020) on whole batches: for each image some operations are drawn, and the images that drew the same one
/// pass it together. Names, ranges and order of the operations are those of torchvision's <c>RandAugment</c>, with two differences:
/// geometry is bilinear there where torchvision takes the nearest pixel by default, and the magnitude is a real number in place of one of
/// 31 steps.
/// </summary>
internal static class RandAugment
{
    /// <summary>The greatest magnitude.</summary>
    public const double FullMagnitude = 30;

    /// <summary>Draws that one operation of one image needs: which, and with which sign.</summary>
    public const int DrawsPerOperation = 2;

    private static readonly RandAugmentOperation[] All = Enum.GetValues<RandAugmentOperation>();

    /// <summary>Applies the drawn operations.</summary>
    /// <param name="images">float32, N x C x H x W, 0..1, with 3 channels or 1.</param>
    /// <param name="draws">float32, N x 2 x operations, on the CPU, each in [0, 1).</param>
    /// <param name="magnitude">0..30.</param>
    public static torch.Tensor Apply(torch.Tensor images, torch.Tensor draws, double magnitude)
    {
        using var scope = torch.NewDisposeScope();
        var values = draws.contiguous().data<float>().ToArray();
        var columns = (int)draws.shape[1];
        var result = images.clone();
        for (var column = 0; column < columns; column += DrawsPerOperation)
        {
            // Which image drew what is known on the CPU, so that no device has to be waited for.
            var places = Enumerable.Range(0, (int)images.shape[0])
                .GroupBy(image => All[Math.Min((int)(values[(image * columns) + column] * All.Length), All.Length - 1)]);
            foreach (var group in places.Where(group => group.Key != RandAugmentOperation.Identity))
            {
                using var inner = torch.NewDisposeScope();
                var index = torch.tensor(group.Select(image => (long)image).ToArray(), torch.int64, images.device);
                var signs = torch.tensor(
                    group.Select(image => values[(image * columns) + column + 1] < 0.5f ? -1f : 1f).ToArray(), device: images.device);
                _ = result.index_copy_(0, index, Apply(group.Key, result.index_select(0, index), magnitude, signs));
            }
        }

        return result.MoveToOuterDisposeScope();
    }

    /// <summary>One operation on all images.</summary>
    /// <param name="operation">Which.</param>
    /// <param name="images">float32, N x C x H x W, 0..1.</param>
    /// <param name="magnitude">0..30.</param>
    /// <param name="signs">float32, N: 1 or -1, for the operations that have a direction.</param>
    public static torch.Tensor Apply(RandAugmentOperation operation, torch.Tensor images, double magnitude, torch.Tensor signs)
    {
        var share = magnitude / FullMagnitude;
        using var scope = torch.NewDisposeScope();
        var factor = 1 + (signs * (0.9 * share));
        var still = torch.zeros_like(signs);
        torch.Tensor Pixels(long side) => (signs * (150.0 / 331 * share * side)).trunc();
        // One channel has no colour to change, and is its own grey.
        var hasColour = images.shape[1] == 3;
        var result = operation switch
        {
            RandAugmentOperation.Identity => images.alias(),
            RandAugmentOperation.ShearX => Geometry.Shear(images, signs * (0.3 * share), still),
            RandAugmentOperation.ShearY => Geometry.Shear(images, still, signs * (0.3 * share)),
            RandAugmentOperation.TranslateX => Geometry.Translate(images, Pixels(images.shape[3]), still),
            RandAugmentOperation.TranslateY => Geometry.Translate(images, still, Pixels(images.shape[2])),
            RandAugmentOperation.Rotate => Geometry.Rotate(images, signs * (30 * share)),
            RandAugmentOperation.Brightness => Colour.Brightness(images, factor),
            RandAugmentOperation.Colour => hasColour ? Colour.Saturation(images, factor) : images.alias(),
            RandAugmentOperation.Contrast => Colour.Contrast(images, factor),
            RandAugmentOperation.Sharpness => Sharpening.Sharpness(images, factor),
            RandAugmentOperation.Posterize => Tones.Posterize(images, 8 - (int)Math.Round(4 * share)),
            RandAugmentOperation.Solarize => Tones.Solarize(images, 1 - share),
            RandAugmentOperation.AutoContrast => Tones.AutoContrast(images),
            RandAugmentOperation.Equalize => Tones.Equalize(images),
            _ => throw new ArgumentOutOfRangeException(nameof(operation), operation, "There is no such operation."),
        };
        return result.MoveToOuterDisposeScope();
    }
}
