using static FewShot.Data.Figure;

namespace FewShot.Data;

/// <content>Filled figures, stars, arms, rings and outlines.</content>
internal static partial class ShapeCatalogue
{
    private static ShapeClass[] Solids() =>
    [
        new("disc", Disc(0, 0, 0.85)),
        new("square", Box(-0.75, -0.75, 0.75, 0.75)),
        new("triangle", Polygon(Regular(3, 1).Moved(0, 0.2))),
        new("half disc", Both(Disc(0, 0.4, 0.95), Box(-1, -1, 1, 0.4))),
        new("hourglass", Polygon((-0.75, -0.9), (0.75, -0.9), (0.1, 0), (0.75, 0.9), (-0.75, 0.9), (-0.1, 0))),
        new("tall rhombus", Polygon((0, -1), (0.5, 0), (0, 1), (-0.5, 0))),
        new("heart", Union(Disc(-0.42, -0.35, 0.46), Disc(0.42, -0.35, 0.46), Polygon((-0.84, -0.15), (0, -0.4), (0.84, -0.15), (0, 0.9)))),
        new("crescent", Disc(0, 0, 0.9).Without(Disc(0.42, 0, 0.75))),
    ];

    private static ShapeClass[] Stars() =>
    [
        new("star, 3 points", Polygon(StarPoints(3, 0.3, 1.05).Moved(0, 0.1))),
        new("star, 4 points", Polygon(StarPoints(4, 0.3, 1))),
        new("star, 5 points", Polygon(StarPoints(5, 0.38, 1))),
        new("star, 6 points", Polygon(StarPoints(6, 0.45, 1))),
        new("star, 8 points", Polygon(StarPoints(8, 0.52, 1))),
        new("star, 10 points", Polygon(StarPoints(10, 0.62, 1))),
        new("star, 5 points, outline", Stroke(0.1, [.. StarPoints(5, 0.42, 0.95), Point.Polar(0.95, 0)])),
        new("star, 7 points", Polygon(StarPoints(7, 0.42, 1))),
    ];

    private static ShapeClass[] Arms() =>
    [
        new("three arms", Around(3, Line((0, 0), (0, -0.9)))),
        new("upright cross", Around(4, Line((0, 0), (0, -0.9)))),
        new("asterisk, 5 arms", Around(5, Line((0, 0), (0, -0.9)))),
        new("asterisk, 6 arms", Around(6, Line((0, 0), (0, -0.9)))),
        new("cross with balls at its ends", Around(4, Union(Stroke(0.09, (0, 0), (0, -0.75)), Disc(0, -0.75, 0.24)))),
        new("asterisk, 8 arms", Around(8, Stroke(0.09, (0, 0), (0, -0.95)))),
        new("snowflake", Around(6, Union(Stroke(0.07, (0, 0), (0, -0.95)), Stroke(0.07, (-0.22, -0.85), (0, -0.55), (0.22, -0.85))))),
        new("sun with rays", Union(Disc(0, 0, 0.4), Around(8, Stroke(0.09, (0, -0.68), (0, -0.95))))),
    ];

    private static ShapeClass[] Rings() =>
    [
        new("ring", Ring(0.8)),
        new("ring with a dot", Union(Ring(0.82), Disc(0, 0, 0.3))),
        new("two rings, one inside the other", Union(Ring(0.85, pen: 0.1), Ring(0.4, pen: 0.1))),
        new("ring with a gap", Arc(0.8, 125, 415)),
        new("ring with an upright cross", Union(Ring(0.82), Around(4, Line((0, 0), (0, -0.8))))),
        new("ring with a bar", Union(Ring(0.82), Line((-0.8, 0), (0.8, 0)))),
        new("ring with three gaps", Around(3, Arc(0.82, 22, 98))),
        new("ring with three spokes", Union(Ring(0.84, pen: 0.1), Around(3, Stroke(0.1, (0, 0), (0, -0.8))))),
    ];

    private static ShapeClass[] Outlines() =>
    [
        new("square outline", Outline(Regular(4, 1, 45))),
        new("triangle outline", Outline(Regular(3, 0.95).Moved(0, 0.2))),
        new("square outline with a diagonal cross", Union(
            Outline(Regular(4, 1.05, 45)), Line((-0.7, -0.7), (0.7, 0.7)), Line((-0.7, 0.7), (0.7, -0.7)))),
        new("square outline with a dot", Union(Outline(Regular(4, 1.1, 45)), Disc(0, 0, 0.3))),
        new("envelope", Union(
            Outline((-0.95, -0.65), (0.95, -0.65), (0.95, 0.65), (-0.95, 0.65)), Line((-0.9, -0.6), (0, 0.15), (0.9, -0.6)))),
        new("nested squares", Union(
            Stroke(0.1, [.. Regular(4, 1.15, 45), Point.Polar(1.15, 45)]), Stroke(0.1, [.. Regular(4, 0.5, 45), Point.Polar(0.5, 45)]))),
        new("window", Union(Outline(Regular(4, 1.1, 45)), Line((-0.75, 0), (0.75, 0)), Line((0, -0.75), (0, 0.75)))),
        new("triangle outline with a dot", Union(Stroke(0.1, [.. Regular(3, 1), Point.Polar(1, 0)]), Disc(0, 0.05, 0.2)).Moved(0, 0.2)),
    ];
}
