using FewShot.Runtime;

namespace FewShot.Data;

/// <summary>Draws one image: background, clutter, figure, light and noise, all from one stream of random numbers.</summary>
internal static class ShapeRenderer
{
    private const int Side = Shapes.Side;
    private const int Pixels = Side * Side;
    private const double LeastContrast = 0.2;
    private const int TextureCells = 5;

    /// <param name="grid">The figure of the class.</param>
    /// <param name="random">The image's own stream.</param>
    /// <param name="image">uint8, 3 x Side x Side: filled.</param>
    public static void Draw(DistanceGrid grid, StableRandom random, Span<byte> image)
    {
        Span<double> canvas = stackalloc double[3 * Pixels];
        var back = Colour.Random(random);
        Background(canvas, back, random);
        for (var behind = 3 + random.Next(4); behind > 0; behind--)
            Clutter(canvas, back, random);
        Foreground(canvas, grid, back, random);
        for (var before = random.Next(3); before > 0; before--)
            Clutter(canvas, back, random);
        Expose(canvas, random, image);
    }

    /// <summary>A colour gradient with a soft random texture, interpolated between random values on a coarse lattice.</summary>
    private static void Background(Span<double> canvas, Colour back, StableRandom random)
    {
        const double CellsPerPixel = (TextureCells - 1) / (double)Side;
        var strength = random.Uniform(0, 0.2);
        Span<double> lattice = stackalloc double[TextureCells * TextureCells];
        for (var channel = 0; channel < 3; channel++)
        {
            double slopeX = random.Uniform(-0.15, 0.15) / Side, slopeY = random.Uniform(-0.15, 0.15) / Side;
            foreach (ref var node in lattice)
                node = random.Uniform(-strength, strength);
            for (var row = 0; row < Side; row++)
            {
                var top = (int)(row * CellsPerPixel);
                var down = (row * CellsPerPixel) - top;
                for (var column = 0; column < Side; column++)
                {
                    var left = (int)(column * CellsPerPixel);
                    var across = (column * CellsPerPixel) - left;
                    var at = (top * TextureCells) + left;
                    var upper = lattice[at] + (across * (lattice[at + 1] - lattice[at]));
                    var lower = lattice[at + TextureCells] + (across * (lattice[at + TextureCells + 1] - lattice[at + TextureCells]));
                    canvas[(channel * Pixels) + (row * Side) + column] = back[channel]
                        + (slopeX * (column - (Side / 2))) + (slopeY * (row - (Side / 2))) + upper + (down * (lower - upper));
                }
            }
        }
    }

    /// <summary>A stroke or a blob anywhere, in a colour nearer to the background's than the figure's is.</summary>
    private static void Clutter(Span<double> canvas, Colour back, StableRandom random)
    {
        var colour = back.Towards(Colour.Random(random), 0.65);
        Point from = (random.Uniform(0, Side), random.Uniform(0, Side)), to = from;
        var pen = random.Uniform(1.5, 5);
        if (random.Next(3) > 0)
        {
            var far = Point.Polar(random.Uniform(4, 20), random.Uniform(0, 360));
            to = (from.X + far.X, from.Y + far.Y);
            pen = random.Uniform(0.5, 1.3);
        }

        var figure = Figure.Stroke(pen, from, to);
        int left = (int)Math.Max(0, Math.Min(from.X, to.X) - pen - 1), right = (int)Math.Min(Side, Math.Max(from.X, to.X) + pen + 2);
        int top = (int)Math.Max(0, Math.Min(from.Y, to.Y) - pen - 1), bottom = (int)Math.Min(Side, Math.Max(from.Y, to.Y) + pen + 2);
        for (var row = top; row < bottom; row++)
            for (var column = left; column < right; column++)
                Blend(canvas, row, column, Coverage(figure(column + 0.5, row + 0.5)), colour);
    }

    private static void Foreground(Span<double> canvas, DistanceGrid grid, Colour back, StableRandom random)
    {
        var colour = Colour.Against(back, LeastContrast, random);
        var pose = new ShapePose(random);
        var thicker = random.Uniform(-0.2, 0.5);
        double slopeX = random.Uniform(-0.1, 0.1) / Side, slopeY = random.Uniform(-0.1, 0.1) / Side;
        for (var row = 0; row < Side; row++)
        {
            for (var column = 0; column < Side; column++)
            {
                var (x, y) = pose.ToFigure(column, row);
                var coverage = Coverage((grid.At(x, y) * pose.PixelsPerUnit) - thicker);
                if (coverage > 0)
                    Blend(canvas, row, column, coverage, colour.Lighter((slopeX * (column - (Side / 2))) + (slopeY * (row - (Side / 2)))));
            }
        }
    }

    /// <summary>How much of a pixel lies inside, from the distance of its middle to the edge, both in pixels.</summary>
    private static double Coverage(double distance) => Math.Clamp(0.5 - distance, 0, 1);

    private static void Blend(Span<double> canvas, int row, int column, double coverage, Colour colour)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            ref var value = ref canvas[(channel * Pixels) + (row * Side) + column];
            value += coverage * (colour[channel] - value);
        }
    }

    /// <summary>Brightness, noise, and rounding to bytes.</summary>
    private static void Expose(ReadOnlySpan<double> canvas, StableRandom random, Span<byte> image)
    {
        var gain = random.Uniform(0.7, 1.15);
        var lift = random.Uniform(-0.06, 0.06);
        var noise = random.Uniform(0.03, 0.15);
        for (var i = 0; i < canvas.Length; i++)
            image[i] = (byte)Math.Clamp((255 * ((gain * canvas[i]) + lift + (noise * random.NearlyNormal()))) + 0.5, 0, 255);
    }

    private readonly record struct Colour(double Red, double Green, double Blue)
    {
        public double this[int channel] => channel == 0 ? Red : channel == 1 ? Green : Blue;

        private double Luminance => (0.299 * Red) + (0.587 * Green) + (0.114 * Blue);

        public static Colour Random(StableRandom random) =>
            new(random.Uniform(0.05, 0.95), random.Uniform(0.05, 0.95), random.Uniform(0.05, 0.95));

        /// <summary>A colour that is lighter or darker than another by at least so much.</summary>
        public static Colour Against(Colour other, double contrast, StableRandom random)
        {
            while (true)
            {
                var colour = Random(random);
                if (Math.Abs(colour.Luminance - other.Luminance) >= contrast)
                    return colour;
            }
        }

        public Colour Towards(Colour other, double share) =>
            new(Red + (share * (other.Red - Red)), Green + (share * (other.Green - Green)), Blue + (share * (other.Blue - Blue)));

        public Colour Lighter(double by) => new(Red + by, Green + by, Blue + by);
    }
}
