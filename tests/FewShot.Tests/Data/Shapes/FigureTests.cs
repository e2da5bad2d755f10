using FewShot.Data;

namespace FewShot.Tests.Data;

public sealed class FigureTests
{
    [Theory]
    [InlineData(0, 0, -1)]
    [InlineData(0.5, 0, -0.5)]
    [InlineData(2, 0, 1)]
    [InlineData(4, 5, 5)]
    public void Should_GiveTheDistanceToTheNearestEdge_When_AskedOfASquare(double x, double y, double expected) =>
        Assert.Equal(expected, Figure.Box(-1, -1, 1, 1)(x, y), 1e-12);

    [Theory]
    [InlineData(0.5, 3, 2.5)]
    [InlineData(4, 4, 4.5)]
    [InlineData(0.2, 0, -0.5)]
    public void Should_GiveTheDistanceToARoundEndedLine_When_AskedOfAStroke(double x, double y, double expected) =>
        Assert.Equal(expected, Figure.Stroke(0.5, (0, 0), (1, 0))(x, y), 1e-12);

    [Fact]
    public void Should_PutTheFirstCornerUpAndGoClockwise_When_APolygonIsRegular()
    {
        var corners = Figure.Regular(4, 2);

        Assert.Equal((0, -2), (Math.Round(corners[0].X, 12), Math.Round(corners[0].Y, 12)));
        Assert.Equal((2, 0), (Math.Round(corners[1].X, 12), Math.Round(corners[1].Y, 12)));
    }

    [Fact]
    public void Should_MoveTheRightEdgeDown_When_AFigureIsTurnedAQuarterClockwise()
    {
        var turned = Figure.Disc(1, 0, 0.1).Turned(90);

        Assert.Equal(-0.1, turned(0, 1), 1e-12);
    }
}
