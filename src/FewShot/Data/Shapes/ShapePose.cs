using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>Where and how a figure lies in the image: a map from pixels to the figure's own square.</summary>
internal readonly struct ShapePose
{
    private const double MaxTurn = 22 * Math.PI / 180;
    private const double MaxShear = 0.25;
    private const double MaxStretch = 1.35;
    private const double MaxShift = 4;
    private const double MaxWave = 0.12;
    private const double SmallestUnit = 7;
    private const double LargestUnit = 12;

    private readonly double centreX;
    private readonly double centreY;
    private readonly double xx;
    private readonly double xy;
    private readonly double yx;
    private readonly double yy;
    private readonly double waveX;
    private readonly double waveY;
    private readonly double phaseX;
    private readonly double phaseY;

    /// <summary>
    /// A random pose: shift, size, turn, shear, stretch, mirror, and a slow wave along each axis, as of a hand that draws.
    /// </summary>
    public ShapePose(StableRandom random)
    {
        centreX = (Shapes.Side / 2.0) + random.Uniform(-MaxShift, MaxShift);
        centreY = (Shapes.Side / 2.0) + random.Uniform(-MaxShift, MaxShift);
        PixelsPerUnit = random.Uniform(SmallestUnit, LargestUnit);
        var stretch = Math.Sqrt(random.Uniform(1 / MaxStretch, MaxStretch));
        var mirror = random.Next(2) == 0 ? 1 : -1;
        var shear = random.Uniform(-MaxShear, MaxShear);
        var (sin, cos) = Math.SinCos(random.Uniform(-MaxTurn, MaxTurn));

        // Inverse of: mirror and stretch, then shear, then turn, then scale.
        double a = mirror / (stretch * PixelsPerUnit), d = stretch / PixelsPerUnit;
        xx = a * (cos + (shear * sin));
        xy = a * (sin - (shear * cos));
        yx = -d * sin;
        yy = d * cos;
        waveX = random.Uniform(0, MaxWave);
        waveY = random.Uniform(0, MaxWave);
        phaseX = random.Uniform(0, 2 * Math.PI);
        phaseY = random.Uniform(0, 2 * Math.PI);
    }

    /// <summary>Pixels in one unit of the figure, on average over directions.</summary>
    public double PixelsPerUnit { get; }

    /// <summary>The figure's coordinates of the middle of a pixel.</summary>
    public Point ToFigure(int column, int row)
    {
        double x = column + 0.5 - centreX, y = row + 0.5 - centreY;
        double across = (xx * x) + (xy * y), down = (yx * x) + (yy * y);
        return new Point(across + (waveX * Math.Sin((3 * down) + phaseX)), down + (waveY * Math.Sin((3 * across) + phaseY)));
    }
}
