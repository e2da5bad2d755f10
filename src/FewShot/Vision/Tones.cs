using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// Changes the values of a batch by curves, the same for every pixel of a channel, with torchvision's arithmetic. Images are float32,
/// N x C x H x W, 0..1.
/// </summary>
internal static class Tones
{
    private const int Levels = 256;

    /// <summary>Keeps the upper bits of each value as a byte.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="bits">0..8.</param>
    public static torch.Tensor Posterize(torch.Tensor images, int bits)
    {
        using var scope = torch.NewDisposeScope();
        var step = 1 << (8 - bits);
        return ((Bytes(images) / step).floor() * (step / 255.0)).MoveToOuterDisposeScope();
    }

    /// <summary>Inverts values from a threshold on.</summary>
    public static torch.Tensor Solarize(torch.Tensor images, double threshold)
    {
        using var scope = torch.NewDisposeScope();
        return torch.where(images >= threshold, 1 - images, images).MoveToOuterDisposeScope();
    }

    /// <summary>Stretches each channel of each image to 0..1; one that has a single value stays.</summary>
    public static torch.Tensor AutoContrast(torch.Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var low = images.amin([2, 3], keepdim: true);
        var range = images.amax([2, 3], keepdim: true) - low;
        var isFlat = range == 0;
        var stretched = (images - low) / torch.where(isFlat, torch.ones_like(range), range);
        return torch.where(isFlat, images, stretched).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Spreads the values of each channel of each image as bytes, so that equally many pixels lie below each level as in an even
    /// histogram; a channel of a single value stays.
    /// </summary>
    public static torch.Tensor Equalize(torch.Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var bytes = Bytes(images).to(torch.int64).flatten(2).flatten(0, 1);
        var counts = torch.zeros([bytes.shape[0], Levels], torch.int64, images.device)
            .scatter_add_(1, bytes, torch.ones_like(bytes));
        // The pixels of the brightest level that occurs do not count: they are to end at 255.
        var levels = torch.arange(Levels, torch.int64, images.device);
        var brightest = bytes.amax([1], keepdim: true);
        var step = (counts * (levels != brightest)).sum(1, keepdim: true).div(255, torch.RoundingMode.floor);
        var below = counts.cumsum(1) - counts;
        var safe = step.clamp_min(1);
        var curve = (below + step.div(2, torch.RoundingMode.floor)).div(safe, torch.RoundingMode.floor);
        var mapped = curve.clamp(0, Levels - 1).gather(1, bytes).to(torch.float32) / 255;
        return torch.where(step == 0, images.flatten(2).flatten(0, 1), mapped).view(images.shape).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Bytes(torch.Tensor images) => (images * 255).round().clamp(0, 255);
}
