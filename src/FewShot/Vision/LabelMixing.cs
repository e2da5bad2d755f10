using FewShot.Runtime;
using MathNet.Numerics.Distributions;
using TorchSharp;

namespace FewShot.Vision;

/// <summary>A batch of mixed images.</summary>
/// <param name="Images">As the images that were mixed.</param>
/// <param name="Targets">float32, N x classes: the share of each class in the image, summing to 1.</param>
public sealed record MixedImages(torch.Tensor Images, torch.Tensor Targets);

/// <summary>
/// Mixes each image of a batch with another of the same batch, and their labels in the same shares. The same seed and the same calls
/// give the same images, on every device.
/// </summary>
public sealed class LabelMixing : IDisposable
{
    private enum Draw { Share, Row, Column, Order, Count }

    private readonly LabelMixingOptions options;
    private readonly torch.Generator generator;

    /// <summary>Draws from a generator of its own.</summary>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public LabelMixing(LabelMixingOptions options, long seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!(options.Alpha > 0 && options.Alpha <= 1000) || !Enum.IsDefined(options.Kind))
        {
            throw new FewShotException(
                $"Mixing needs an Alpha above 0 and up to 1000, and a known kind; found {options.Alpha} and {options.Kind}.");
        }

        this.options = options;
        Torch.Load();
        generator = new torch.Generator(unchecked((ulong)seed), torch.CPU);
    }

    /// <summary>Mixes; the images stay as they are.</summary>
    /// <param name="images">float32, N x C x H x W, normalised or not, on any device.</param>
    /// <param name="labels">int64, N, on the same device.</param>
    /// <param name="classes">Number of classes.</param>
    /// <returns>Both are the caller's.</returns>
    /// <exception cref="FewShotException">Images and labels do not fit together.</exception>
    public MixedImages Apply(torch.Tensor images, torch.Tensor labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(labels);
        if (images.dim() != 4 || images.dtype != torch.ScalarType.Float32
            || labels.dim() != 1 || labels.dtype != torch.ScalarType.Int64 || labels.shape[0] != images.shape[0])
        {
            throw new FewShotException(
                $"Mixing takes float32 images, N x C x H x W, and as many int64 labels; found {images.dtype} with shape "
                + $"[{string.Join(", ", images.shape)}] and {labels.dtype} with shape [{string.Join(", ", labels.shape)}].");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        // Drawn on the CPU, so that every device works with the same numbers. The order of a column is a permutation: each image is
        // put into one other.
        var draws = torch.rand(images.shape[0], (long)Draw.Count, torch.float32, generator: generator);
        var partners = draws.select(1, (long)Draw.Order).argsort().to(images.device);
        var shares = draws.select(1, (long)Draw.Share).contiguous().data<float>()
            .Select(uniform => (float)Beta.InvCDF(options.Alpha, options.Alpha, uniform)).ToArray();
        var lambda = torch.tensor(shares, device: images.device);
        var kept = options.Kind == LabelMixingKind.Mixup
            ? lambda.view(-1, 1, 1, 1).expand(-1, 1, images.shape[2], images.shape[3])
            : 1 - Patch(lambda, draws.to(images.device), images.shape[2], images.shape[3]);
        var mixed = (images * kept) + (images.index_select(0, partners) * (1 - kept));
        // Where a rectangle is cut off by the edge the labels follow what is really seen.
        var share = kept.mean([1, 2, 3]).unsqueeze(1);
        var pure = torch.nn.functional.one_hot(labels, classes).to(torch.float32);
        var targets = (pure * share) + (pure.index_select(0, partners) * (1 - share));
        return new MixedImages(mixed.MoveToOuterDisposeScope(), targets.MoveToOuterDisposeScope());
    }

    /// <inheritdoc/>
    public void Dispose() => generator.Dispose();

    /// <summary>1 inside a rectangle of 1 - lambda of the area around any pixel, cut off at the edge, else 0: N x 1 x H x W.</summary>
    private static torch.Tensor Patch(torch.Tensor lambda, torch.Tensor draws, long height, long width)
    {
        var ratio = (1 - lambda).sqrt();
        var inside = Inside(Draw.Row, height).unsqueeze(2) & Inside(Draw.Column, width).unsqueeze(1);
        return inside.unsqueeze(1).to(torch.float32);

        // The paper's code: the sides in whole pixels, half of each to either side of the centre.
        torch.Tensor Inside(Draw draw, long size)
        {
            var centre = (draws.select(1, (long)draw) * size).floor().unsqueeze(1);
            var half = ((ratio * size).floor() / 2).floor().unsqueeze(1);
            var place = torch.arange(size, torch.float32, draws.device);
            return (place >= centre - half) & (place < centre + half);
        }
    }
}
