using System.Globalization;
using System.Net;
using System.Text;
using FewShot.Data;
using FewShot.Runtime;
using SkiaSharp;
using TorchSharp;

namespace FewShot.Charts;

/// <summary>Images side by side with a caption each, as a learner looks at data and at mistakes.</summary>
public static class ImageGrid
{
    private const int MostImages = 400;

    /// <summary>The images of a set under the names of their classes.</summary>
    /// <inheritdoc cref="Html(torch.Tensor, IReadOnlyList{string}, int, double, string?)"/>
    public static HtmlFigure Html(ImageSet images, int columns = 8, double scale = 3, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        return Html(images.Images, [.. images.LabelValues.Select(label => images.ClassNames[(int)label])], columns, scale, title);
    }

    /// <summary>Draws each image as it is, pixel for pixel, enlarged without smoothing.</summary>
    /// <param name="images">uint8, N x C x H x W, with 3 channels (red, green, blue) or 1 (grey); at most 400 images.</param>
    /// <param name="captions">A line under each image; it may have several lines.</param>
    /// <param name="columns">Images in a row at most; a narrow page shows fewer.</param>
    /// <param name="scale">Screen pixels per image pixel.</param>
    /// <param name="title">A line above them.</param>
    /// <exception cref="FewShotException">The tensor or the captions do not fit, or there are too many images for a page.</exception>
    public static HtmlFigure Html(
        torch.Tensor images, IReadOnlyList<string> captions, int columns = 8, double scale = 3, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(captions);
        if (images.dim() != 4 || images.dtype != torch.ScalarType.Byte || images.shape[1] is not (1 or 3))
        {
            throw new FewShotException(
                "Images to show must be uint8, N x 3 x H x W or N x 1 x H x W; "
                + $"found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        }

        var count = (int)images.shape[0];
        if (count > MostImages)
            throw new FewShotException($"{count} images are too many for one page: choose at most {MostImages}.");
        if (captions.Count != count)
            throw new FewShotException($"There are {captions.Count} captions for {count} images.");
        if (columns < 1 || !(scale > 0 && scale <= 64))
        {
            throw new FewShotException(string.Create(
                CultureInfo.InvariantCulture,
                $"A grid has at least 1 column and a scale up to 64; found {columns} columns and a scale of {scale}."));
        }

        var width = Math.Max(1, (int)Math.Round(images.shape[3] * scale));
        // A caption needs room for a word even under a small image.
        var cell = Math.Max(width, 84);
        var html = new StringBuilder("<figure style=\"margin:0 0 12px;color:inherit\">");
        if (title is not null)
        {
            html.Append("<figcaption style=\"font-weight:bold;margin:0 0 8px\">")
                .Append(WebUtility.HtmlEncode(title))
                .Append("</figcaption>");
        }

        var gridWidth = (columns * (cell + 8)) - 8;
        html.Append(
            CultureInfo.InvariantCulture,
            $"<div style=\"display:grid;grid-template-columns:repeat(auto-fill,{cell}px);gap:8px;max-width:{gridWidth}px\">");
        for (var i = 0; i < count; i++)
        {
            var caption = WebUtility.HtmlEncode(captions[i]);
            html.Append("<div style=\"text-align:center;font-size:13px;line-height:1.25;overflow-wrap:anywhere\">");
            var picture = Convert.ToBase64String(Png(images, i));
            html.Append(CultureInfo.InvariantCulture, $"<img alt=\"{caption}\" width=\"{width}\" src=\"data:image/png;base64,{picture}\"")
                .Append(" style=\"image-rendering:pixelated;display:block;margin:0 auto 3px;max-width:none\">");
            html.Append(caption.ReplaceLineEndings("<br>")).Append("</div>");
        }

        html.Append("</div></figure>");
        var firstCaptions = string.Join("; ", captions.Take(10).Select(caption => caption.ReplaceLineEndings(" ")));
        return new HtmlFigure(
            html.ToString(), $"{title ?? "Images"}: {count} pictures ({firstCaptions}{(count > 10 ? "; ..." : "")})");
    }

    /// <summary>
    /// Photos from files, each cropped to a square as <see cref="ImageFolder.Load"/> crops it: answers under what they are about.
    /// </summary>
    /// <param name="paths">PNG or JPEG files of any sizes, at least one and at most 400.</param>
    /// <param name="captions">As above, one for each photo.</param>
    /// <param name="columns">Photos in a row at most; a narrow page shows fewer.</param>
    /// <param name="side">Side of a photo in screen pixels, at least 1.</param>
    /// <param name="title">A line above them.</param>
    /// <exception cref="FewShotException">
    /// A file is missing or no image, there is none, there are too many for a page, or the captions do not fit.
    /// </exception>
    public static HtmlFigure OfFiles(
        IReadOnlyList<string> paths, IReadOnlyList<string> captions, int columns = 6, int side = 112, string? title = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        if (paths.Count is 0 or > MostImages)
            throw new FewShotException($"A page shows from 1 to {MostImages} photos; found {paths.Count}.");
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var images = ImageFolder.LoadFiles("The photos", paths, new ImageFolderOptions(side), ProgressSink.Current);
        return Html(images, captions, columns, scale: 1, title);
    }

    // A fast, small PNG of one image, without any change to its pixels.
    private static byte[] Png(torch.Tensor images, int position)
    {
        using var scope = torch.NewDisposeScope();
        var image = images[position].cpu();
        var (height, width) = ((int)image.shape[1], (int)image.shape[2]);
        var rgb = image.expand(3, height, width).permute(1, 2, 0).contiguous().data<byte>().ToArray();
        var rgba = new byte[4 * height * width];
        for (int from = 0, to = 0; from < rgb.Length; from += 3, to += 4)
        {
            rgb.AsSpan(from, 3).CopyTo(rgba.AsSpan(to));
            rgba[to + 3] = 255;
        }

        using var drawn = SKImage.FromPixelCopy(new SKImageInfo(width, height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
        using var png = drawn.Encode(SKEncodedImageFormat.Png, 100);
        return png.ToArray();
    }
}
