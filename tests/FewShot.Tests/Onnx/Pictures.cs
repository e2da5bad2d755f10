using SkiaSharp;
using TorchSharp;

namespace FewShot.Tests.Onnx;

/// <summary>Pictures of any size with what photographs have: gradients, fine texture, hard edges, noise.</summary>
internal static class Pictures
{
    /// <returns>uint8, N x 3 x height x width.</returns>
    public static torch.Tensor Make(int count, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(7, torch.CPU);
        var y = torch.arange(height, dtype: torch.float32).view(1, 1, -1, 1) / height;
        var x = torch.arange(width, dtype: torch.float32).view(1, 1, 1, -1) / width;
        var image = torch.arange(count, dtype: torch.float32).view(-1, 1, 1, 1);
        var colour = torch.arange(3, dtype: torch.float32).view(1, -1, 1, 1);
        var gradient = 60 * (x + y) + (20 * colour);
        var texture = 40 * ((x * x * 200) + (y * (30 + (9 * image))) + colour).sin();
        var edge = 70 * ((x - 0.4).square() + (y - 0.5).square() < 0.1 + (0.02 * image)).to(torch.float32);
        var noise = 30 * torch.randn([count, 3, height, width], generator: generator);
        return (gradient + texture + edge + noise + 40).clamp(0, 255).to(torch.uint8).MoveToOuterDisposeScope();
    }

    /// <summary>As the exported classifiers take them: uint8, N x height x width x 3.</summary>
    public static torch.Tensor ChannelsLast(torch.Tensor images) => images.permute(0, 2, 3, 1);

    /// <summary>Writes a picture as PNG, which keeps every pixel.</summary>
    /// <param name="picture">uint8, 3 x height x width.</param>
    /// <param name="path">The file.</param>
    /// <returns>The path.</returns>
    public static string Save(torch.Tensor picture, string path)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = ((int)picture.shape[1], (int)picture.shape[2]);
        var pixels = torch.cat([picture.permute(1, 2, 0), torch.full([height, width, 1], 255, torch.uint8)], 2).contiguous();
        using var bitmap = new SKBitmap(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        pixels.bytes.CopyTo(bitmap.GetPixelSpan());
        using var data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(path, data.ToArray());
        return path;
    }

    /// <summary>The largest difference, as a share of the largest value.</summary>
    public static double Difference(torch.Tensor found, torch.Tensor expected)
    {
        Assert.Equal(expected.shape, found.shape);
        using var scope = torch.NewDisposeScope();
        var (one, other) = (found.to(torch.float64), expected.to(torch.float64));
        return ((one - other).abs().max() / other.abs().max()).item<double>();
    }
}
