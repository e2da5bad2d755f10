using System.Text;
using FewShot.Models;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Tests.Golden;

/// <summary>Numbers that both sides compute alike: see formula.py. No weight file is needed.</summary>
internal static class Formula
{
    /// <summary>In [0, 1): a 32-bit hash of the name and the position.</summary>
    public static double[] Uniform(string name, long count)
    {
        var seed = 2166136261u;
        foreach (var value in Encoding.UTF8.GetBytes(name))
            seed = unchecked((seed ^ value) * 16777619);
        var values = new double[count];
        for (var i = 0; i < values.Length; i++)
        {
            var h = unchecked(((uint)i * 2654435761u) + seed);
            h = unchecked((h ^ (h >> 16)) * 0x45D9F3B);
            h = unchecked((h ^ (h >> 16)) * 0x45D9F3B);
            values[i] = (h ^ (h >> 16)) / 4294967296.0;
        }

        return values;
    }

    /// <summary>float32 values that keep a residual network's activations near 1.</summary>
    public static torch.Tensor Weights(string name, long[] shape)
    {
        Func<double, double> value = u => (u - 0.5) * 0.2;
        if (name.EndsWith("running_var", StringComparison.Ordinal)
            || name.EndsWith("bn1.weight", StringComparison.Ordinal)
            || (name.EndsWith("1.weight", StringComparison.Ordinal) && shape.Length == 1))
        {
            value = u => 0.5 + u;
        }
        else if (name.EndsWith("bn2.weight", StringComparison.Ordinal))
        {
            value = u => 0.2 + (0.2 * u);
        }
        else if (shape.Length == 4)
        {
            var width = Math.Sqrt(24.0 / (shape[0] * shape[2] * shape[3]));
            value = u => (u - 0.5) * width;
        }

        return Floats(name, shape, value);
    }

    /// <summary>float32, made from <see cref="Uniform"/> by <paramref name="value"/>.</summary>
    public static torch.Tensor Floats(string name, long[] shape, Func<double, double> value) =>
        torch.tensor(Array.ConvertAll(Uniform(name, Count(shape)), u => (float)value(u)), shape);

    /// <summary>uint8 values.</summary>
    public static torch.Tensor Pixels(string name, params long[] shape) =>
        torch.tensor(Array.ConvertAll(Uniform(name, Count(shape)), u => (byte)Math.Floor(u * 256)), shape);

    /// <summary>Writes a network's weights, by formula, as a safetensors file.</summary>
    public static void Save(string path, ResNetOptions options)
    {
        using var scope = torch.NewDisposeScope();
        using var network = new ResNet(options);
        TensorFile.Write(path, network.state_dict()
            .Where(pair => pair.Value.dtype == torch.ScalarType.Float32)
            .ToDictionary(pair => pair.Key, pair => Weights(pair.Key, pair.Value.shape)));
    }

    private static long Count(long[] shape) => shape.Aggregate(1L, (product, size) => product * size);
}
