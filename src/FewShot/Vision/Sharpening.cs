using TorchSharp;

namespace FewShot.Vision;

/// <summary>Smooths and sharpens a batch, each image by an amount of its own. Images are float32, N x C x H x W, 0..1.</summary>
internal static class Sharpening
{
    /// <summary>Convolves each image with a Gaussian; outside the edge the image is mirrored, the outermost pixel not repeated.</summary>
    /// <param name="images">The batch.</param>
    /// <param name="sigma">float32, N: standard deviations in pixels; where it is 0, the image stays as it is.</param>
    /// <param name="radius">Pixels of the kernel on each side of its centre; the weights inside are scaled to sum to 1. The
    /// image's shorter side less 1 at most.</param>
    public static torch.Tensor Gaussian(torch.Tensor images, torch.Tensor sigma, int radius)
    {
        using var scope = torch.NewDisposeScope();
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        var places = torch.arange(-radius, radius + 1, torch.float32, images.device);
        var still = (sigma == 0).view(-1, 1);
        var safe = torch.where(still, torch.ones_like(still, torch.float32), sigma.view(-1, 1));
        var bell = (-0.5 * (places / safe).square()).exp();
        var weights = torch.where(still, (places == 0).to(torch.float32), bell);
        // The kernel is a product of two, one along the columns and one along the rows; each channel of each image is a group.
        var kernel = (weights / weights.sum(1, keepdim: true)).repeat_interleave(channels, 0).view(count * channels, 1, -1, 1);
        var padded = torch.nn.functional.pad(images, (radius, radius, radius, radius), PaddingModes.Reflect);
        var flat = padded.reshape(1, count * channels, height + (2 * radius), width + (2 * radius));
        var columns = torch.nn.functional.conv2d(flat, kernel, groups: count * channels);
        var both = torch.nn.functional.conv2d(columns, kernel.transpose(2, 3), groups: count * channels);
        return both.view(count, channels, height, width).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Blends with the image smoothed over 3 x 3 pixels, the middle one weighing 5 of 13; pixels at the edge stay. 0 is the
    /// smoothed image, 1 the image itself, more is sharper.
    /// </summary>
    public static torch.Tensor Sharpness(torch.Tensor images, torch.Tensor factor)
    {
        if (images.shape[2] < 3 || images.shape[3] < 3)
            return images.alias();
        using var scope = torch.NewDisposeScope();
        var channels = images.shape[1];
        var kernel = torch.ones([channels, 1, 3, 3], device: images.device) / 13;
        kernel[torch.TensorIndex.Colon, 0, 1, 1] = torch.tensor(5f / 13, device: images.device);
        var smoothed = images.clone();
        _ = smoothed.narrow(2, 1, images.shape[2] - 2).narrow(3, 1, images.shape[3] - 2)
            .copy_(torch.nn.functional.conv2d(images, kernel, groups: channels));
        return Colour.Blend(images, smoothed, factor).MoveToOuterDisposeScope();
    }
}
