using TorchSharp;

namespace FewShot.Vision;

/// <summary>
/// Changes the colours of a batch, each image by an amount of its own, with torchvision's arithmetic. Images are float32,
/// N x 3 x H x W, 0..1; amounts are N values.
/// </summary>
internal static class Colour
{
    /// <summary>Blends with black: 0 is black, 1 the image itself.</summary>
    public static torch.Tensor Brightness(torch.Tensor images, torch.Tensor factor) => Blend(images, null, factor);

    /// <summary>Blends with the mean grey of each image.</summary>
    public static torch.Tensor Contrast(torch.Tensor images, torch.Tensor factor)
    {
        using var scope = torch.NewDisposeScope();
        return Blend(images, Grey(images).mean([1, 2, 3], keepdim: true), factor).MoveToOuterDisposeScope();
    }

    /// <summary>Blends with the grey image.</summary>
    public static torch.Tensor Saturation(torch.Tensor images, torch.Tensor factor)
    {
        using var scope = torch.NewDisposeScope();
        return Blend(images, Grey(images), factor).MoveToOuterDisposeScope();
    }

    /// <summary>Turns the colour circle: hue, saturation and value, and back.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="turns">-0.5..0.5 turns for each image.</param>
    public static torch.Tensor Hue(torch.Tensor images, torch.Tensor turns)
    {
        using var scope = torch.NewDisposeScope();
        var (value, largest) = images.max(1, keepdim: true);
        var chroma = value - images.amin([1], keepdim: true);
        var safe = torch.where(chroma == 0, torch.ones_like(chroma), chroma);
        // Sixths of a turn from red: each pixel's formula depends on its largest channel.
        torch.Tensor Channel(long index) => images.narrow(1, index, 1);
        var sixths = torch.where(
            largest == 0,
            (Channel(1) - Channel(2)) / safe,
            torch.where(largest == 1, ((Channel(2) - Channel(0)) / safe) + 2, ((Channel(0) - Channel(1)) / safe) + 4));
        var turned = sixths + (turns.view(-1, 1, 1, 1) * 6);
        // Red, green and blue are the same curve, a third of a turn apart (the "alternative" HSV formula).
        var offsets = torch.tensor([5f, 3f, 1f], device: images.device).view(1, 3, 1, 1);
        var k = (turned + offsets).remainder(6);
        return (value - (chroma * torch.minimum(k, 4 - k).clamp(0, 1))).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Grey(torch.Tensor images)
    {
        if (images.shape[1] == 1)
            return images.alias();
        var weights = torch.tensor([0.2989f, 0.587f, 0.114f], device: images.device).view(1, 3, 1, 1);
        return (images * weights).sum(1, keepdim: true);
    }

    /// <summary>A share of the images and the rest of <paramref name="other"/>, cut to 0..1; null is black.</summary>
    internal static torch.Tensor Blend(torch.Tensor images, torch.Tensor? other, torch.Tensor factor)
    {
        using var scope = torch.NewDisposeScope();
        var share = factor.view(-1, 1, 1, 1);
        var mixed = images * share;
        if (other is not null)
            mixed = mixed + (other * (1 - share));
        return mixed.clamp_(0, 1).MoveToOuterDisposeScope();
    }
}
