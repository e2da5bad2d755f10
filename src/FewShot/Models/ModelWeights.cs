using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// Named weights that lie in one flat tensor, so that an optimiser changes all of them in a few operations. Owns its tensors.
/// </summary>
public sealed class ModelWeights : IDisposable
{
    /// <summary>Zeros on the device that computes.</summary>
    /// <param name="shapes">Names and shapes, each name once.</param>
    /// <param name="dtype">float32 or float64.</param>
    public ModelWeights(IReadOnlyList<WeightShape> shapes, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        using var scope = torch.NewDisposeScope();
        Shapes = shapes;
        Flat = torch.zeros(shapes.Sum(shape => shape.Count), dtype, Torch.Device).DetachFromDisposeScope();
        Tensors = [.. Views(Flat, shapes).Select(view => view.DetachFromDisposeScope())];
    }

    /// <summary>Names and shapes.</summary>
    public IReadOnlyList<WeightShape> Shapes { get; }

    /// <summary>All values, one after another.</summary>
    public torch.Tensor Flat { get; }

    /// <summary>One view of <see cref="Flat"/> for each of <see cref="Shapes"/>: writing to one writes to the other.</summary>
    public IReadOnlyList<torch.Tensor> Tensors { get; }

    /// <summary>The weight of this name.</summary>
    /// <exception cref="FewShotException">There is none.</exception>
    public torch.Tensor this[string name] => Shapes.Index().FirstOrDefault(entry => entry.Item.Name == name) is { Item: not null } found
        ? Tensors[found.Index]
        : throw new FewShotException(
            $"There is no weight '{name}'; the weights are {string.Join(", ", Shapes.Select(shape => shape.Name))}.");

    /// <summary>A copy of its own.</summary>
    public ModelWeights Clone()
    {
        using var noGradient = torch.no_grad();
        var copy = new ModelWeights(Shapes, Flat.dtype);
        _ = copy.Flat.copy_(Flat);
        return copy;
    }

    /// <summary>Writes every weight as safetensors.</summary>
    /// <param name="path">The file to make or replace.</param>
    /// <param name="metadata">Free text kept in the file: how the weights were made.</param>
    public void Save(string path, IReadOnlyDictionary<string, string>? metadata = null) =>
        TensorFile.Write(path, Named.ToDictionary(), metadata);

    /// <summary>Reads weights of a model.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote, or one with the same names and shapes.</param>
    /// <param name="shapes">What it must hold, no more and no less.</param>
    /// <exception cref="FewShotException">The file is damaged, or a weight is missing, unexpected, or of another shape or type.</exception>
    public static ModelWeights Load(string path, IReadOnlyList<WeightShape> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        using var file = TensorFile.Read(path);
        var isDouble = file.Tensors.TryGetValue(shapes[0].Name, out var first) && first.dtype == torch.ScalarType.Float64;
        var dtype = isDouble ? torch.ScalarType.Float64 : torch.ScalarType.Float32;
        var weights = new ModelWeights(shapes, dtype);
        try
        {
            NamedTensors.Copy(path, file.Tensors, weights.Named.ToDictionary());
            return weights;
        }
        catch
        {
            weights.Dispose();
            throw;
        }
    }

    /// <summary>Each weight under its name.</summary>
    internal IEnumerable<KeyValuePair<string, torch.Tensor>> Named =>
        Shapes.Zip(Tensors).Select(pair => new KeyValuePair<string, torch.Tensor>(pair.First.Name, pair.Second));

    /// <summary>A flat tensor in the order of <see cref="Flat"/>, such as a gradient, as one view for each weight.</summary>
    /// <exception cref="FewShotException">The flat tensor has another length than these weights.</exception>
    public IReadOnlyList<torch.Tensor> Split(torch.Tensor flat)
    {
        ArgumentNullException.ThrowIfNull(flat);
        if (!flat.shape.SequenceEqual(Flat.shape))
        {
            throw new FewShotException(
                $"These weights are [{string.Join(", ", Flat.shape)}] values; found a tensor of [{string.Join(", ", flat.shape)}].");
        }

        using var scope = torch.NewDisposeScope();
        return [.. Views(flat, Shapes).ToList().Select(view => view.MoveToOuterDisposeScope())];
    }

    /// <summary>Writes one weight, value by value.</summary>
    internal void Fill(int index, IEnumerable<double> values)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        _ = Tensors[index].copy_(torch.tensor(values.ToArray(), [.. Shapes[index].Shape]));
    }

    /// <summary>Values of the weights' shapes (gradients) as one flat tensor, in the order of <see cref="Flat"/>.</summary>
    internal torch.Tensor Flatten(IReadOnlyList<torch.Tensor> values) =>
        torch.cat([.. values.Select(value => value.reshape(-1))]);

    /// <summary>A flat tensor as values of the weights' shapes, sharing memory.</summary>
    internal static IEnumerable<torch.Tensor> Views(torch.Tensor flat, IEnumerable<WeightShape> shapes)
    {
        var begin = 0L;
        foreach (var shape in shapes)
        {
            yield return flat.narrow(0, begin, shape.Count).view([.. shape.Shape]);
            begin += shape.Count;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var tensor in Tensors)
            tensor.Dispose();
        Flat.Dispose();
    }
}
