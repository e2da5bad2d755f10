using FewShot.Runtime;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Data;

/// <summary>Reads one PNG or JPEG file.</summary>
internal static class ImageFile
{
    /// <summary>
    /// The colours as they are stored, no colour profile applied, as torchvision's loader reads them. A camera's note on how it was held
    /// (EXIF orientation) is followed.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="maximumPixels">Refused above this, before memory is taken for it.</param>
    /// <param name="transparency">What becomes of transparent pixels.</param>
    /// <returns>uint8, 3 x H x W.</returns>
    /// <exception cref="FewShotException">The file is missing, no PNG or JPEG, is damaged, or has more pixels.</exception>
    public static torch.Tensor Read(string path, long maximumPixels, Transparency transparency = Transparency.OnWhite)
    {
        if (!File.Exists(path))
            throw new FewShotException($"{path} is missing: give the path of a PNG or JPEG file.");
        using var codec = SKCodec.Create(path, out var found);
        return Read(codec, found, path, maximumPixels, transparency);
    }

    /// <summary>The same from a stream.</summary>
    /// <param name="stream">Read from its present position.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="maximumPixels">Refused above this, before memory is taken for it.</param>
    /// <inheritdoc cref="Read(string, long, Transparency)"/>
    public static torch.Tensor Read(Stream stream, string name, long maximumPixels)
    {
        using var codec = SKCodec.Create(stream, out var found);
        return Read(codec, found, name, maximumPixels, Transparency.Dropped);
    }

    private static torch.Tensor Read(SKCodec? codec, SKCodecResult found, string path, long maximumPixels, Transparency transparency)
    {
        if (codec is null)
            throw new FewShotException($"{path} is not a readable image ({found}): replace or remove it.");
        if (codec.EncodedFormat is not (SKEncodedImageFormat.Png or SKEncodedImageFormat.Jpeg))
        {
            throw new FewShotException(
                $"{path} is a {codec.EncodedFormat} image, whatever its name says; PNG and JPEG are read: convert it.");
        }

        var (width, height) = (codec.Info.Width, codec.Info.Height);
        if ((long)width * height > maximumPixels)
        {
            throw new FewShotException(
                $"{path} has {width:N0} x {height:N0} pixels, more than the {maximumPixels:N0} allowed: " +
                $"make it smaller, or raise {nameof(ImageFolderOptions.MaximumPixels)}.");
        }

        var info = new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Unpremul);
        using var bitmap = new SKBitmap(info);
        var result = codec.GetPixels(info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw new FewShotException($"{path} is damaged ({result}): replace or remove it.");

        using var scope = torch.NewDisposeScope();
        var pixels = torch.empty([height, width, 4], torch.uint8);
        bitmap.GetPixelSpan().CopyTo(pixels.bytes);
        var colours = pixels.narrow(2, 0, 3);
        if (transparency == Transparency.OnWhite && codec.Info.AlphaType != SKAlphaType.Opaque)
            colours = OnWhite(colours, pixels.narrow(2, 3, 1));
        return Upright(colours.permute(2, 0, 1), codec.EncodedOrigin).contiguous().MoveToOuterDisposeScope();
    }

    private static torch.Tensor OnWhite(torch.Tensor colours, torch.Tensor alpha) =>
        ((colours.to(torch.float32) - 255) * (alpha.to(torch.float32) / 255) + 255).round_().to(torch.uint8);

    /// <summary>EXIF 2.3, 4.6.4, tag Orientation: where the stored first row and column belong.</summary>
    private static torch.Tensor Upright(torch.Tensor stored, SKEncodedOrigin origin) => origin switch
    {
        SKEncodedOrigin.TopRight => stored.flip(2),
        SKEncodedOrigin.BottomRight => stored.flip(1, 2),
        SKEncodedOrigin.BottomLeft => stored.flip(1),
        SKEncodedOrigin.LeftTop => stored.transpose(1, 2),
        SKEncodedOrigin.RightTop => stored.transpose(1, 2).flip(2),
        SKEncodedOrigin.RightBottom => stored.transpose(1, 2).flip(1, 2),
        SKEncodedOrigin.LeftBottom => stored.transpose(1, 2).flip(1),
        _ => stored,
    };
}
