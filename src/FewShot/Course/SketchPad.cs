using FewShot.Runtime;
using SkiaSharp;

namespace FewShot.Course;

/// <summary>Draws a character from strokes into a PNG file of the size and look of Omniglot's own: black pen on white paper.</summary>
public static class SketchPad
{
    /// <summary>Side of the paper; strokes are given in its units, x to the right and y downwards.</summary>
    public const int Side = 105;

    private const float Pen = 3.5f;

    /// <summary>Writes one drawing.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="strokes">Each a line through points from 0 to <see cref="Side"/>.</param>
    /// <param name="wobble">How far each point may stray in x and y: another hand, another time.</param>
    /// <param name="seed">Decides the straying.</param>
    /// <exception cref="FewShotException">There is no stroke, or one has fewer than two points.</exception>
    public static void Write(string path, IReadOnlyList<(double X, double Y)[]> strokes, double wobble = 0, long seed = 0)
    {
        ArgumentNullException.ThrowIfNull(strokes);
        if (strokes.Count == 0 || strokes.Any(stroke => stroke.Length < 2))
            throw new FewShotException("A drawing needs at least one stroke, and a stroke at least two points.");
        var random = new StableRandom(seed);
        using var bitmap = new SKBitmap(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        using (var pen = new SKPaint
        {
            Style = SKPaintStyle.Stroke,
            StrokeWidth = Pen,
            StrokeCap = SKStrokeCap.Round,
            Color = SKColors.Black,
            IsAntialias = true,
        })
        {
            canvas.Clear(SKColors.White);
            foreach (var stroke in strokes)
            {
                SKPoint[] points =
                [
                    .. stroke.Select(point => new SKPoint(
                        (float)(point.X + random.Uniform(-wobble, wobble)), (float)(point.Y + random.Uniform(-wobble, wobble)))),
                ];
                foreach (var (from, to) in points.Zip(points.Skip(1)))
                    canvas.DrawLine(from, to, pen);
            }
        }

        AtomicFile.Write(path, stream => bitmap.Encode(stream, SKEncodedImageFormat.Png, 100));
    }
}
