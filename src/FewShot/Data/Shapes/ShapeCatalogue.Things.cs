using static FewShot.Data.Figure;

namespace FewShot.Data;

/// <content>Simple pictures of things.</content>
internal static partial class ShapeCatalogue
{
    private static ShapeClass[] Things() =>
    [
        new("house", Union(Polygon((-0.95, 0), (0, -0.9), (0.95, 0)), Box(-0.7, -0.05, 0.7, 0.85)).Without(Box(-0.2, 0.25, 0.2, 0.9))),
        new("fir tree", Union(
            Polygon((0, -1), (0.5, -0.35), (-0.5, -0.35)),
            Polygon((0, -0.6), (0.65, 0.1), (-0.65, 0.1)),
            Polygon((0, -0.2), (0.8, 0.6), (-0.8, 0.6)),
            Box(-0.15, 0.5, 0.15, 0.98))),
        new("fish", Union(Ellipse(0.2, 0, 0.75, 0.48), Polygon((-0.3, 0), (-0.98, -0.55), (-0.98, 0.55))).Without(Disc(0.55, -0.12, 0.13))),
        new("mushroom", Union(Both(Disc(0, 0, 0.9), Box(-1, -1, 1, 0)), Box(-0.28, -0.05, 0.28, 0.85))),
        new("key", Union(Ring(0.34, -0.58, 0), Line((-0.25, 0), (0.95, 0), (0.95, 0.42)), Line((0.55, 0), (0.55, 0.38)))),
        new("umbrella", Union(
            Both(Disc(0, 0, 0.92), Box(-1, -1, 1, -0.05)).Without(Disc(-0.6, 0, 0.26), Disc(0, 0, 0.26), Disc(0.6, 0, 0.26)),
            Stroke(0.09, [(0, -0.5), (0, 0.65), .. ArcPoints(0.22, -90, -270, 0.22, 0.65)]))),
        new("cup", Union(Polygon((-0.75, -0.7), (0.4, -0.7), (0.3, 0.75), (-0.65, 0.75)), Arc(0.36, 0, 180, 0.42, -0.05))),
        new("sailing boat", Union(
            Polygon((-0.95, 0.4), (0.95, 0.4), (0.6, 0.9), (-0.6, 0.9)),
            Polygon((-0.1, -0.95), (-0.1, 0.2), (-0.8, 0.2)),
            Polygon((0.1, -0.7), (0.75, 0.2), (0.1, 0.2)))),
    ];

    private static ShapeClass[] Tools() =>
    [
        new("face", Disc(0, 0, 0.95).Without(Disc(-0.35, -0.25, 0.16), Disc(0.35, -0.25, 0.16), Arc(0.5, 110, 250, 0, 0.05, 0.1))),
        new("hammer", Union(
            Box(-0.8, -0.85, 0.5, -0.3), Polygon((0.5, -0.85), (0.9, -0.58), (0.5, -0.3)), Line((-0.1, -0.4), (-0.1, 0.9)))),
        new("anchor", Union(
            Ring(0.18, 0, -0.74, 0.09), Line((0, -0.55), (0, 0.8)), Line((-0.4, -0.25), (0.4, -0.25)), Arc(0.78, 95, 265, 0, 0.03))),
        new("flag", Union(Line((-0.6, -0.9), (-0.6, 0.95)), Polygon((-0.6, -0.95), (0.85, -0.45), (-0.6, 0.1)))),
        new("bell", Union(Disc(0, -0.35, 0.5), Polygon((-0.5, -0.35), (0.5, -0.35), (0.85, 0.5), (-0.85, 0.5)), Disc(0, 0.72, 0.2))),
        new("crown", Polygon((-0.85, 0.7), (-0.95, -0.6), (-0.45, 0), (0, -0.8), (0.45, 0), (0.95, -0.6), (0.85, 0.7))),
        new("magnifying glass", Union(Ring(0.5, -0.25, -0.25), Stroke(0.16, (0.2, 0.2), (0.8, 0.8)))),
        new("butterfly", Union(
            Ellipse(-0.5, -0.35, 0.42, 0.42),
            Ellipse(0.5, -0.35, 0.42, 0.42),
            Ellipse(-0.38, 0.45, 0.3, 0.35),
            Ellipse(0.38, 0.45, 0.3, 0.35),
            Line((0, -0.6), (0, 0.7)))),
    ];

    private static ShapeClass[] Pairs() =>
    [
        new("disc on a triangle", Union(Disc(0, -0.5, 0.42), Polygon((0, -0.2), (0.75, 0.95), (-0.75, 0.95)))),
        new("two square outlines, overlapping", Union(
            Stroke(0.1, (-0.85, -0.85), (0.3, -0.85), (0.3, 0.3), (-0.85, 0.3), (-0.85, -0.85)),
            Stroke(0.1, (-0.3, -0.3), (0.85, -0.3), (0.85, 0.85), (-0.3, 0.85), (-0.3, -0.3)))),
        new("two linked rings", Union(Ring(0.5, -0.4), Ring(0.5, 0.4))),
        new("dumbbell", Union(Disc(-0.65, 0, 0.36), Disc(0.65, 0, 0.36), Line((-0.6, 0), (0.6, 0)))),
        new("table", Union(Box(-0.95, -0.6, 0.95, -0.25), Line((-0.65, -0.3), (-0.65, 0.8)), Line((0.65, -0.3), (0.65, 0.8)))),
        new("stairs", Polygon((-0.9, 0.85), (-0.9, 0.35), (-0.3, 0.35), (-0.3, -0.2), (0.3, -0.2), (0.3, -0.8), (0.9, -0.8), (0.9, 0.85))),
        new("trident", Union(Line((0, -0.9), (0, 0.95)), Line([(-0.65, -0.85), .. ArcPoints(0.65, 270, 90, 0, -0.35), (0.65, -0.85)]))),
        new("square on a stick", Union(Outline((-0.55, -0.9), (0.55, -0.9), (0.55, 0.1), (-0.55, 0.1)), Line((0, 0.1), (0, 0.95)))),
    ];
}
