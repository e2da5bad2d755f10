namespace FewShot.Models;

/// <summary>One weight of a model.</summary>
/// <param name="Name">In PyTorch's manner: <c>block1.conv.weight</c>.</param>
/// <param name="Shape">In PyTorch's order: outputs x inputs (x height x width).</param>
/// <param name="Layer">The layer it belongs to, counted from 0 at the input: weight and bias of one layer share it.</param>
/// <param name="IsHead">Whether it belongs to the last layer, from features to outputs.</param>
public sealed record WeightShape(string Name, IReadOnlyList<long> Shape, int Layer, bool IsHead)
{
    /// <summary>Number of values.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => product * size);
}
