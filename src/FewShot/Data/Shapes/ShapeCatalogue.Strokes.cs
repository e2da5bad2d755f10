using static FewShot.Data.Figure;

namespace FewShot.Data;

/// <content>Letters, digits, curves and arrows.</content>
internal static partial class ShapeCatalogue
{
    private static ShapeClass[] Letters() =>
    [
        new("letter E", Union(Line((0.55, -0.85), (-0.5, -0.85), (-0.5, 0.85), (0.55, 0.85)), Line((-0.5, 0), (0.4, 0)))),
        new("letter F", Union(Line((0.6, -0.85), (-0.45, -0.85), (-0.45, 0.9)), Line((-0.45, 0), (0.4, 0)))),
        new("letter H", Union(Line((-0.6, -0.9), (-0.6, 0.9)), Line((0.6, -0.9), (0.6, 0.9)), Line((-0.6, 0), (0.6, 0)))),
        new("letter K", Union(Line((-0.5, -0.9), (-0.5, 0.9)), Line((0.55, -0.9), (-0.4, 0.05), (0.6, 0.9)))),
        new("letter L", Line((-0.4, -0.9), (-0.4, 0.85), (0.55, 0.85))),
        new("letter A", Union(Line((-0.7, 0.9), (0, -0.9), (0.7, 0.9)), Line((-0.42, 0.3), (0.42, 0.3)))),
        new("letter M", Line((-0.72, 0.85), (-0.72, -0.85), (0, 0.2), (0.72, -0.85), (0.72, 0.85))),
        new("letter R", Union(
            Line((-0.5, 0.9), (-0.5, -0.85), (0, -0.85)),
            Arc(0.45, 0, 180, 0, -0.4),
            Line((0, 0.05), (-0.5, 0.05)),
            Line((0, 0.05), (0.5, 0.9)))),
    ];

    private static ShapeClass[] MoreLetters() =>
    [
        new("letter N", Line((-0.6, 0.9), (-0.6, -0.9), (0.6, 0.9), (0.6, -0.9))),
        new("letter P", Union(
            Line((-0.45, 0.95), (-0.45, -0.85), (0, -0.85)), Arc(0.48, 0, 180, 0, -0.37), Line((0, 0.11), (-0.45, 0.11)))),
        new("letter S", Line([.. ArcPoints(0.45, 70, -180, 0, -0.45), .. ArcPoints(0.45, 0, 250, 0, 0.45)])),
        new("letter T", Union(Line((-0.75, -0.85), (0.75, -0.85)), Line((0, -0.85), (0, 0.9)))),
        new("letter U", Line([(-0.6, -0.9), .. ArcPoints(0.6, 270, 90, 0, 0.3), (0.6, -0.9)])),
        new("letter V", Line((-0.65, -0.9), (0, 0.9), (0.65, -0.9))),
        new("letter W", Line((-0.88, -0.75), (-0.46, 0.8), (0, -0.4), (0.46, 0.8), (0.88, -0.75))),
        new("letter B", Union(
            Line((-0.5, -0.9), (-0.5, 0.9)),
            Line([(-0.5, -0.88), .. ArcPoints(0.42, 0, 180, 0, -0.46), (-0.5, -0.02)]),
            Line([(-0.5, 0), .. ArcPoints(0.46, 0, 180, 0.05, 0.44), (-0.5, 0.9)]))),
    ];

    private static ShapeClass[] Digits() =>
    [
        new("digit 3", Union(Arc(0.44, -70, 180, 0, -0.46), Arc(0.48, 0, 250, 0, 0.44))),
        new("digit 4", Union(Line((0.1, -0.9), (-0.7, 0.3), (0.7, 0.3)), Line((0.3, -0.2), (0.3, 0.9)))),
        new("digit 6", Union(Ring(0.48, 0, 0.4), Line([.. ArcPoints(1.4, -90, -45, 0.92, 0.4)]))),
        new("digit 8", Union(Ring(0.4, 0, -0.48), Ring(0.47, 0, 0.42))),
        new("question mark", Union(Line([.. ArcPoints(0.45, -80, 150, 0, -0.45), (0, 0.25)]), Disc(0, 0.8, 0.17))),
        new("digit 7", Line((-0.6, -0.85), (0.6, -0.85), (-0.15, 0.9))),
        new("exclamation mark", Union(Polygon((-0.28, -1), (0.28, -1), (0.12, 0.35), (-0.12, 0.35)), Disc(0, 0.78, 0.22))),
        new("percent sign", Union(Line((0.65, -0.85), (-0.65, 0.85)), Disc(-0.5, -0.5, 0.3), Disc(0.5, 0.5, 0.3))),
    ];

    private static ShapeClass[] Curves() =>
    [
        new("spiral, two turns", Stroke(0.1, Curve(60, t => Point.Polar(0.06 + (0.86 * t), t * 720)))),
        new("square spiral", Stroke(
            0.1,
            (0.05, 0.05), (-0.3, 0.05), (-0.3, -0.35), (0.45, -0.35), (0.45, 0.45),
            (-0.75, 0.45), (-0.75, -0.8), (0.82, -0.8), (0.82, 0.8))),
        new("wave", Line(Curve(40, t => (-0.95 + (1.9 * t), 0.5 * Math.Sin(t * 4 * Math.PI))))),
        new("zigzag", Line((-0.95, 0.4), (-0.57, -0.4), (-0.19, 0.4), (0.19, -0.4), (0.57, 0.4), (0.95, -0.4))),
        new("two waves", Union(
            Line(Curve(30, t => (-0.9 + (1.8 * t), -0.42 + (0.24 * Math.Sin(t * 3 * Math.PI))))),
            Line(Curve(30, t => (-0.9 + (1.8 * t), 0.42 + (0.24 * Math.Sin(t * 3 * Math.PI))))))),
        new("scissors", Union(
            Ring(0.3, -0.55, 0.45), Ring(0.3, 0.55, 0.45), Line((-0.55, 0.15), (0, -0.3), (0.55, 0.15)), Line((0, -0.3), (0, -0.95)))),
        new("infinity sign", Line(Curve(48, t => (0.92 * Math.Sin(t * 2 * Math.PI), 0.48 * Math.Sin(t * 4 * Math.PI))))),
        new("triple spiral", Around(3, Stroke(0.1, Curve(24, t => Point.Polar(0.9 * t, t * 200))))),
    ];

    private static ShapeClass[] Arrows() =>
    [
        new("arrow", Union(Line((-0.95, 0), (0.85, 0)), Line((0.35, -0.55), (0.9, 0), (0.35, 0.55)))),
        new("double-headed arrow", Union(
            Line((-0.9, 0), (0.9, 0)), Line((0.5, -0.45), (0.92, 0), (0.5, 0.45)), Line((-0.5, -0.45), (-0.92, 0), (-0.5, 0.45)))),
        new("arrow with a corner", Union(
            Line((-0.6, 0.9), (-0.6, -0.35), (0.4, -0.35)), Polygon((0.3, -0.85), (0.95, -0.35), (0.3, 0.15)))),
        new("two chevrons", Union(Line((-0.7, -0.75), (-0.05, 0), (-0.7, 0.75)), Line((0.1, -0.75), (0.75, 0), (0.1, 0.75)))),
        new("block arrow", Polygon((-0.95, -0.3), (0.1, -0.3), (0.1, -0.8), (0.95, 0), (0.1, 0.8), (0.1, 0.3), (-0.95, 0.3))),
        new("U-turn arrow", Union(
            Line([(-0.6, 0.9), .. ArcPoints(0.5, -90, 90, -0.1, -0.3), (0.4, 0.3)]), Polygon((-0.05, 0.2), (0.85, 0.2), (0.4, 0.8)))),
        new("circling arrow", Union(Arc(0.7, 60, 330), Polygon(Point.Polar(0.3, 325), Point.Polar(1.15, 325), (0.22, -0.62)))),
        new("arrow to a wall", Union(
            Line((-0.95, 0), (0.45, 0)), Line((0.05, -0.5), (0.5, 0), (0.05, 0.5)), Line((0.85, -0.85), (0.85, 0.85)))),
    ];
}
