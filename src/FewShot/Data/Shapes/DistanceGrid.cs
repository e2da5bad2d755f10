namespace FewShot.Data;

/// <summary>
/// A figure's distances tabulated once on a grid, so that drawing it costs one look-up per pixel however many parts it has.
/// </summary>
internal sealed class DistanceGrid
{
    private const int Side = 96;
    private const double Reach = 1.3;
    private const double CellsPerUnit = (Side - 1) / (2 * Reach);
    private readonly float[] distances = new float[Side * Side];

    public DistanceGrid(SignedDistance figure)
    {
        for (var row = 0; row < Side; row++)
            for (var column = 0; column < Side; column++)
                distances[(row * Side) + column] = (float)figure((column / CellsPerUnit) - Reach, (row / CellsPerUnit) - Reach);
    }

    /// <summary>The distance at a point, interpolated; beyond the grid, which no figure reaches, the one at the grid's edge.</summary>
    public double At(double x, double y)
    {
        var column = Math.Clamp((x + Reach) * CellsPerUnit, 0, Side - 1.001);
        var row = Math.Clamp((y + Reach) * CellsPerUnit, 0, Side - 1.001);
        int left = (int)column, top = (int)row;
        double across = column - left, down = row - top;
        var at = (top * Side) + left;
        var upper = distances[at] + (across * (distances[at + 1] - distances[at]));
        var lower = distances[at + Side] + (across * (distances[at + Side + 1] - distances[at + Side]));
        return upper + (down * (lower - upper));
    }
}
