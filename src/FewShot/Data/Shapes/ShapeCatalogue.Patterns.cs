using static FewShot.Data.Figure;

namespace FewShot.Data;

/// <content>Dots, bars and petals.</content>
internal static partial class ShapeCatalogue
{
    private static ShapeClass[] Dots() =>
    [
        new("two dots", DotsAt(0.32, (-0.55, 0), (0.55, 0))),
        new("three dots, triangle", DotsAt(0.3, Regular(3, 0.7))),
        new("four dots", DotsAt(0.3, Regular(4, 0.8, 45))),
        new("five dots, cross", DotsAt(0.24, [(0, 0), .. Regular(4, 0.95, 45)])),
        new("six dots, two columns", DotsAt(0.24, (-0.4, -0.75), (-0.4, 0), (-0.4, 0.75), (0.4, -0.75), (0.4, 0), (0.4, 0.75))),
        new("three dots, row", DotsAt(0.25, (-0.75, 0), (0, 0), (0.75, 0))),
        new("seven dots, hexagon", DotsAt(0.24, [(0, 0), .. Regular(6, 0.75)])),
        new("nine dots", DotsAt(0.2, (-0.7, -0.7), (0, -0.7), (0.7, -0.7), (-0.7, 0), (0, 0), (0.7, 0), (-0.7, 0.7), (0, 0.7), (0.7, 0.7))),
    ];

    private static ShapeClass[] Bars() =>
    [
        new("two bars", Union(Box(-0.85, -0.6, 0.85, -0.2), Box(-0.85, 0.2, 0.85, 0.6))),
        new("three bars", Union(Line((-0.8, -0.65), (0.8, -0.65)), Line((-0.8, 0), (0.8, 0)), Line((-0.8, 0.65), (0.8, 0.65)))),
        new("hash sign", Union(
            Line((-0.35, -0.9), (-0.35, 0.9)),
            Line((0.35, -0.9), (0.35, 0.9)),
            Line((-0.9, -0.35), (0.9, -0.35)),
            Line((-0.9, 0.35), (0.9, 0.35)))),
        new("ladder", Union(
            Line((-0.45, -0.95), (-0.45, 0.95)),
            Line((0.45, -0.95), (0.45, 0.95)),
            Line((-0.45, -0.6), (0.45, -0.6)),
            Line((-0.45, 0), (0.45, 0)),
            Line((-0.45, 0.6), (0.45, 0.6)))),
        new("comb", Union(
            Line((-0.9, -0.6), (0.9, -0.6)),
            Line((-0.9, -0.6), (-0.9, 0.7)),
            Line((-0.3, -0.6), (-0.3, 0.7)),
            Line((0.3, -0.6), (0.3, 0.7)),
            Line((0.9, -0.6), (0.9, 0.7)))),
        new("growing bars", Union(Box(-0.9, 0.3, -0.45, 0.85), Box(-0.22, -0.25, 0.22, 0.85), Box(0.45, -0.85, 0.9, 0.85))),
        new("checkerboard", Union(
            Box(-0.9, -0.9, -0.3, -0.3),
            Box(0.3, -0.9, 0.9, -0.3),
            Box(-0.3, -0.3, 0.3, 0.3),
            Box(-0.9, 0.3, -0.3, 0.9),
            Box(0.3, 0.3, 0.9, 0.9))),
        new("fishbone", Union(
            Line((0, -0.9), (0, 0.9)),
            Line((-0.6, -0.3), (0, -0.75), (0.6, -0.3)),
            Line((-0.6, 0.2), (0, -0.25), (0.6, 0.2)),
            Line((-0.6, 0.7), (0, 0.25), (0.6, 0.7)))),
    ];

    private static ShapeClass[] Petals() =>
    [
        new("pie with a slice missing", Disc(0, 0, 0.9).Without(Polygon((0, 0), (1.2, -0.85), (1.2, 0.85)))),
        new("gear", Union(Disc(0, 0, 0.65), Around(8, Box(-0.14, -0.95, 0.14, -0.5))).Without(Disc(0, 0, 0.28))),
        new("flower, 5 petals", Around(5, Disc(0, -0.55, 0.36)).Without(Disc(0, 0, 0.22))),
        new("clover with a stalk", Union(
            Disc(0, -0.55, 0.38), Disc(-0.48, 0.05, 0.38), Disc(0.48, 0.05, 0.38), Line((0, -0.1), (0.05, 0.95)))),
        new("drop", Union(Disc(0, 0.3, 0.58), Polygon((0, -0.98), (0.54, 0.1), (-0.54, 0.1)))),
        new("cloud", Union(Disc(-0.5, 0.15, 0.4), Disc(0.05, -0.2, 0.5), Disc(0.58, 0.18, 0.36), Box(-0.5, 0.1, 0.58, 0.54))),
        new("propeller, 3 blades", Union(Disc(0, 0, 0.16), Around(3, Ellipse(0, -0.58, 0.26, 0.42)))),
        new("pinwheel", Around(4, Polygon((0, 0), (0, -0.95), (0.6, -0.6)))),
    ];

    private static SignedDistance DotsAt(double radius, params Point[] centres) =>
        Union([.. centres.Select(centre => Disc(centre.X, centre.Y, radius))]);
}
