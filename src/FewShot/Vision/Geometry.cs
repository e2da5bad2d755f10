using TorchSharp;

namespace FewShot.Vision;

/// <summary>Moves the pixels of a batch, each image by an amount of its own. Images are N x C x H x W, amounts N values.</summary>
internal static class Geometry
{
    /// <summary>Mirrors left to right where <paramref name="chosen"/> (bool) is true.</summary>
    public static torch.Tensor Flip(torch.Tensor images, torch.Tensor chosen)
    {
        using var scope = torch.NewDisposeScope();
        return torch.where(chosen.view(-1, 1, 1, 1), images.flip(3), images).MoveToOuterDisposeScope();
    }

    /// <summary>Puts black around each image and cuts its own size out again.</summary>
    /// <param name="images">Any type.</param>
    /// <param name="padding">Pixels on every side.</param>
    /// <param name="top">int64, first row of each crop, 0..2 x padding; <paramref name="padding"/> is the image itself.</param>
    /// <param name="left">int64, first column of each crop.</param>
    public static torch.Tensor PaddedCrop(torch.Tensor images, int padding, torch.Tensor top, torch.Tensor left)
    {
        using var scope = torch.NewDisposeScope();
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        torch.Tensor Range(long size) => torch.arange(size, torch.int64, images.device);
        var padded = torch.nn.functional.pad(images, (padding, padding, padding, padding));
        var rows = top.view(-1, 1, 1, 1) + Range(height).view(1, 1, -1, 1);
        var columns = left.view(-1, 1, 1, 1) + Range(width).view(1, 1, 1, -1);
        return padded.index([Range(count).view(-1, 1, 1, 1), Range(channels).view(1, -1, 1, 1), rows, columns]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Cuts a part out of each image and shows it at the size asked for, bilinear; outside the edge the image is mirrored.
    /// </summary>
    /// <param name="images">float32.</param>
    /// <param name="share">The part's side as a share of the image's, above 0 up to 1.</param>
    /// <param name="row">Where the part lies, -1 (top) to 1 (bottom), over all places inside the image and
    /// <paramref name="beyond"/> further.</param>
    /// <param name="column">The same from left to right.</param>
    /// <param name="beyond">How far the part's centre may go further, in halves of the image's side.</param>
    /// <param name="height">Rows of the result.</param>
    /// <param name="width">Columns of the result.</param>
    public static torch.Tensor Zoom(
        torch.Tensor images, torch.Tensor share, torch.Tensor row, torch.Tensor column, double beyond, int height, int width)
    {
        using var scope = torch.NewDisposeScope();
        var room = 1 - share + beyond;
        // Coordinates as grid_sample counts them: -1 and 1 are the image's edges, and a pixel's place is its centre.
        torch.Tensor Places(int count, torch.Tensor offset) =>
            (share.view(-1, 1) * (((2 * torch.arange(count, torch.float32, images.device)) + 1 - count) / count))
            + (offset * room).view(-1, 1);
        var y = Places(height, row).unsqueeze(2).expand(-1, -1, width);
        var x = Places(width, column).unsqueeze(1).expand(-1, height, -1);
        var grid = torch.stack([x, y], dim: -1);
        var zoomed = torch.nn.functional.grid_sample(
            images, grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Reflection, align_corners: false);
        return zoomed.MoveToOuterDisposeScope();
    }

    /// <summary>Turns each image around its centre, counter-clockwise, bilinear; black comes in from outside.</summary>
    /// <param name="images">float32.</param>
    /// <param name="degrees">float32, one angle for each image.</param>
    public static torch.Tensor Rotate(torch.Tensor images, torch.Tensor degrees)
    {
        using var scope = torch.NewDisposeScope();
        var (height, width) = (images.shape[2], images.shape[3]);
        torch.Tensor FromCentre(long size) => torch.arange(size, torch.float32, images.device) - ((size - 1) / 2.0);
        var angle = (degrees * (Math.PI / 180)).view(-1, 1, 1);
        var (cosine, sine) = (angle.cos(), angle.sin());
        var x = FromCentre(width).view(1, 1, -1);
        var y = FromCentre(height).view(1, -1, 1);
        // Where each new pixel comes from, in units of half the image, as grid_sample counts.
        var grid = torch.stack([((cosine * x) - (sine * y)) * (2.0 / width), ((sine * x) + (cosine * y)) * (2.0 / height)], dim: -1);
        var turned = torch.nn.functional.grid_sample(
            images, grid, torch.GridSampleMode.Bilinear, torch.GridSamplePaddingMode.Zeros, align_corners: false);
        return turned.MoveToOuterDisposeScope();
    }

    /// <summary>Slants each image around its upper left corner, bilinear; black comes in from outside.</summary>
    /// <param name="images">float32.</param>
    /// <param name="alongRows">float32: a row further down is read this many pixels further to the right.</param>
    /// <param name="alongColumns">float32: a column further right is read this many pixels further down.</param>
    public static torch.Tensor Shear(torch.Tensor images, torch.Tensor alongRows, torch.Tensor alongColumns)
    {
        using var scope = torch.NewDisposeScope();
        // Pixels are counted by their centres: the first is half a pixel from the corner.
        torch.Tensor FromCorner(long size) => torch.arange(size, torch.float32, images.device) + 0.5;
        var x = FromCorner(images.shape[3]).view(1, 1, -1);
        var y = FromCorner(images.shape[2]).view(1, -1, 1);
        return Read(images, x + (alongRows.view(-1, 1, 1) * y), y + (alongColumns.view(-1, 1, 1) * x)).MoveToOuterDisposeScope();
    }

    /// <summary>Moves each image; black comes in from outside.</summary>
    /// <param name="images">Any type.</param>
    /// <param name="right">Whole pixels to the right.</param>
    /// <param name="down">Whole pixels down.</param>
    public static torch.Tensor Translate(torch.Tensor images, torch.Tensor right, torch.Tensor down)
    {
        using var scope = torch.NewDisposeScope();
        var (count, channels, height, width) = (images.shape[0], images.shape[1], images.shape[2], images.shape[3]);
        torch.Tensor Range(long size) => torch.arange(size, torch.int64, images.device);
        var rows = Range(height).view(1, 1, -1, 1) - down.to(torch.int64).view(-1, 1, 1, 1);
        var columns = Range(width).view(1, 1, 1, -1) - right.to(torch.int64).view(-1, 1, 1, 1);
        var inside = (rows >= 0) & (rows < height) & (columns >= 0) & (columns < width);
        var moved = images.index(
            [Range(count).view(-1, 1, 1, 1), Range(channels).view(1, -1, 1, 1), rows.clamp(0, height - 1), columns.clamp(0, width - 1)]);
        return (moved * inside).to(images.dtype).MoveToOuterDisposeScope();
    }

    /// <summary>Overwrites a rectangle of each image with the image's mean colour.</summary>
    /// <param name="images">float32.</param>
    /// <param name="top">First row.</param>
    /// <param name="left">First column.</param>
    /// <param name="rows">Height of the rectangle; 0 leaves the image alone.</param>
    /// <param name="columns">Width of the rectangle.</param>
    public static torch.Tensor Fill(torch.Tensor images, torch.Tensor top, torch.Tensor left, torch.Tensor rows, torch.Tensor columns)
    {
        using var scope = torch.NewDisposeScope();
        var inside = Inside(top, rows, images.shape[2]).unsqueeze(-1) & Inside(left, columns, images.shape[3]).unsqueeze(-2);
        return torch.where(inside.unsqueeze(1), images.mean([2, 3], keepdim: true), images).MoveToOuterDisposeScope();

        torch.Tensor Inside(torch.Tensor begin, torch.Tensor length, long size)
        {
            var position = torch.arange(size, torch.float32, images.device);
            return (position >= begin.unsqueeze(-1)) & (position < (begin + length).unsqueeze(-1));
        }
    }

    /// <summary>Reads each pixel of the result at a place of the image, bilinear; outside is black.</summary>
    /// <param name="images">float32.</param>
    /// <param name="x">N x H x W or what expands to it: pixels from the left edge; 0.5 is the centre of the first.</param>
    /// <param name="y">The same from the upper edge.</param>
    private static torch.Tensor Read(torch.Tensor images, torch.Tensor x, torch.Tensor y)
    {
        var (count, height, width) = (images.shape[0], images.shape[2], images.shape[3]);
        torch.Tensor Places(torch.Tensor place, long size) => ((place * (2.0 / size)) - 1).expand(count, height, width);
        return torch.nn.functional.grid_sample(
            images,
            torch.stack([Places(x, width), Places(y, height)], dim: -1),
            torch.GridSampleMode.Bilinear,
            torch.GridSamplePaddingMode.Zeros,
            align_corners: false);
    }
}
