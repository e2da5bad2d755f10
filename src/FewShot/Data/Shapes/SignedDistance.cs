namespace FewShot.Data;

/// <summary>
/// Distance from a point to the edge of a figure, negative inside. Figures live in a square of -1..1 with y pointing down,
/// and are put together from a few kinds.
/// </summary>
internal delegate double SignedDistance(double x, double y);

/// <summary>A point of a figure.</summary>
internal readonly record struct Point(double X, double Y)
{
    /// <summary>The point at a distance from the origin; 0 degrees is up, and angles turn clockwise.</summary>
    public static Point Polar(double radius, double degrees) =>
        new(radius * Math.Sin(degrees * Math.PI / 180), -radius * Math.Cos(degrees * Math.PI / 180));

    public static implicit operator Point((double X, double Y) pair) => new(pair.X, pair.Y);
}

/// <summary>The kinds of figure, and how two figures make one.</summary>
internal static class Figure
{
    /// <summary>Half the width of an ordinary stroke.</summary>
    public const double Pen = 0.12;

    public static SignedDistance Disc(double x, double y, double radius) =>
        (px, py) => Length(px - x, py - y) - radius;

    public static SignedDistance Ring(double radius, double x = 0, double y = 0, double pen = Pen) =>
        (px, py) => Math.Abs(Length(px - x, py - y) - radius) - pen;

    /// <summary>Part of a ring, from one angle clockwise to another.</summary>
    public static SignedDistance Arc(double radius, double from, double to, double x = 0, double y = 0, double pen = Pen) =>
        Stroke(pen, ArcPoints(radius, from, to, x, y));

    /// <summary>A line through the points, with round ends and joints.</summary>
    public static SignedDistance Stroke(double pen, params Point[] points) =>
        (x, y) =>
        {
            var nearest = double.MaxValue;
            for (var i = 1; i < points.Length; i++)
                nearest = Math.Min(nearest, SquaredToSegment(x, y, points[i - 1], points[i]));
            return Math.Sqrt(nearest) - pen;
        };

    /// <summary>A line through the points, of ordinary width.</summary>
    public static SignedDistance Line(params Point[] points) => Stroke(Pen, points);

    /// <summary>The border of a polygon, of ordinary width.</summary>
    public static SignedDistance Outline(params Point[] points) => Stroke(Pen, [.. points, points[0]]);

    /// <summary>A filled polygon; the corners in order, either way round.</summary>
    public static SignedDistance Polygon(params Point[] points) =>
        (x, y) =>
        {
            var nearest = double.MaxValue;
            var inside = false;
            for (var i = 0; i < points.Length; i++)
            {
                var a = points[i];
                var b = points[(i + 1) % points.Length];
                nearest = Math.Min(nearest, SquaredToSegment(x, y, a, b));
                if (a.Y > y != b.Y > y && x < ((b.X - a.X) * (y - a.Y) / (b.Y - a.Y)) + a.X)
                    inside = !inside;
            }

            return inside ? -Math.Sqrt(nearest) : Math.Sqrt(nearest);
        };

    /// <summary>A filled rectangle with its sides along the axes.</summary>
    public static SignedDistance Box(double left, double top, double right, double bottom) =>
        Polygon((left, top), (right, top), (right, bottom), (left, bottom));

    public static SignedDistance Ellipse(double x, double y, double radiusX, double radiusY) =>
        Polygon(
        [
            .. Enumerable.Range(0, 32)
                .Select(i => Point.Polar(1, i * 360 / 32.0))
                .Select(p => new Point(x + (radiusX * p.X), y + (radiusY * p.Y))),
        ]);

    public static SignedDistance Union(params SignedDistance[] parts) =>
        (x, y) =>
        {
            var nearest = double.MaxValue;
            foreach (var part in parts)
                nearest = Math.Min(nearest, part(x, y));
            return nearest;
        };

    public static SignedDistance Both(SignedDistance one, SignedDistance other) => (x, y) => Math.Max(one(x, y), other(x, y));

    public static SignedDistance Without(this SignedDistance figure, params SignedDistance[] holes)
    {
        var hole = Union(holes);
        return (x, y) => Math.Max(figure(x, y), -hole(x, y));
    }

    public static SignedDistance Moved(this SignedDistance figure, double right, double down) => (x, y) => figure(x - right, y - down);

    public static Point[] Moved(this Point[] points, double right, double down) =>
        [.. points.Select(point => new Point(point.X + right, point.Y + down))];

    /// <summary>The figure turned clockwise about the origin.</summary>
    public static SignedDistance Turned(this SignedDistance figure, double degrees)
    {
        var (sin, cos) = Math.SinCos(degrees * Math.PI / 180);
        return (x, y) => figure((cos * x) + (sin * y), (cos * y) - (sin * x));
    }

    /// <summary>The same figure several times, evenly turned about the origin.</summary>
    public static SignedDistance Around(int count, SignedDistance figure) =>
        Union([.. Enumerable.Range(0, count).Select(i => figure.Turned(i * 360.0 / count))]);

    /// <summary>The corners of a regular polygon, the first one up.</summary>
    public static Point[] Regular(int corners, double radius, double turn = 0) =>
        [.. Enumerable.Range(0, corners).Select(i => Point.Polar(radius, turn + (i * 360.0 / corners)))];

    /// <summary>The corners of a star, the first point up.</summary>
    public static Point[] StarPoints(int points, double inner, double outer = 0.95) =>
        [.. Enumerable.Range(0, 2 * points).Select(i => Point.Polar(i % 2 == 0 ? outer : inner, i * 180.0 / points))];

    /// <summary>Points along part of a circle, from one angle clockwise to another.</summary>
    public static Point[] ArcPoints(double radius, double from, double to, double x = 0, double y = 0) =>
        Curve(24, t => Point.Polar(radius, from + (t * (to - from)))).Moved(x, y);

    /// <summary>Points along a curve whose parameter runs from 0 to 1.</summary>
    public static Point[] Curve(int pieces, Func<double, Point> at) =>
        [.. Enumerable.Range(0, pieces + 1).Select(i => at(i / (double)pieces))];

    private static double Length(double x, double y) => Math.Sqrt((x * x) + (y * y));

    private static double SquaredToSegment(double x, double y, Point a, Point b)
    {
        double dx = b.X - a.X, dy = b.Y - a.Y, px = x - a.X, py = y - a.Y;
        var length = (dx * dx) + (dy * dy);
        var along = length == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / length, 0, 1);
        double ex = px - (along * dx), ey = py - (along * dy);
        return (ex * ex) + (ey * ey);
    }
}
