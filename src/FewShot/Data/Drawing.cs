using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Data;

/// <summary>A drawing, dark strokes on light paper, as the small grey image that networks for Omniglot take: ink 255 on 0.</summary>
public static class Drawing
{
    private const long MaximumPixels = 60_000_000;

    // Paper is added to make a drawing square; for a narrow strip that would take memory by the square of its length.
    private const int MostSides = 16;

    // A stroke keeps some ink however thin it becomes; this is less than the noise of a JPEG file.
    private const byte FaintestInk = 24;

    /// <summary>Reads one PNG or JPEG file.</summary>
    /// <remarks>
    /// What is transparent is paper. Ink and paper change places (ink 255, paper 0), as is usual for Omniglot; a drawing that is
    /// not square gets more paper on both sides of its shorter side; then it is resized, averaging where it shrinks (bilinear,
    /// antialiased). Colours become grey by ITU-R BT.601.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="side">Side of the result in pixels.</param>
    /// <returns>uint8, 1 x side x side.</returns>
    /// <exception cref="FewShotException">The file is no PNG or JPEG, is damaged, too large, a strip, or blank.</exception>
    public static torch.Tensor Read(string path, int side)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentOutOfRangeException.ThrowIfLessThan(side, 1);
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        var colours = ImageFile.Read(path, MaximumPixels);
        var (height, width) = ((int)colours.shape[1], (int)colours.shape[2]);
        if (Math.Max(height, width) > (long)MostSides * Math.Min(height, width))
        {
            throw new FewShotException(
                $"{path} is a strip of {width} x {height} pixels: a drawing of one character is about as wide as it is high.");
        }

        var ink = Ink(colours.bytes);
        var drawing = height == side && width == side
            ? torch.tensor(ink, [1, side, side]).to(torch.uint8)
            : Resize.Bilinear(Square(torch.tensor(ink, [height, width])).unsqueeze(0).unsqueeze(0), side, side, antialias: true)[0]
                .round()
                .clamp(0, 255)
                .to(torch.uint8);
        return drawing.bytes.ContainsAnyInRange(FaintestInk, byte.MaxValue)
            ? drawing.MoveToOuterDisposeScope()
            : throw new FewShotException($"{path} shows no ink: draw dark strokes on white, opaque paper.");
    }

    private static float[] Ink(ReadOnlySpan<byte> colours)
    {
        var ink = new float[colours.Length / 3];
        for (var i = 0; i < ink.Length; i++)
        {
            var grey = (0.299f * colours[i]) + (0.587f * colours[ink.Length + i]) + (0.114f * colours[(2 * ink.Length) + i]);
            ink[i] = MathF.Round(255 - grey);
        }

        return ink;
    }

    private static torch.Tensor Square(torch.Tensor ink)
    {
        var (height, width) = (ink.shape[0], ink.shape[1]);
        var (rows, columns) = (Math.Max(0, width - height), Math.Max(0, height - width));
        return rows + columns == 0
            ? ink
            : torch.nn.functional.pad(ink, [columns / 2, columns - (columns / 2), rows / 2, rows - (rows / 2)]);
    }
}
