using TorchSharp;

namespace FewShot.Tests.Heads;

/// <summary>Features and labels by formula, the same as in Golden/linear_classifiers.py.</summary>
internal static class Formulas
{
    public static torch.Tensor Features(int count, int size)
    {
        var values = new double[count, size];
        for (var i = 0; i < count; i++)
        {
            for (var j = 0; j < size; j++)
                values[i, j] = Math.Sin(1 + (0.7 * i) + (1.3 * j * (1 + (i % 3)))) + (0.1 * j);
        }

        return torch.tensor(values);
    }

    public static torch.Tensor Labels(int count, int classes) =>
        torch.tensor(Enumerable.Range(0, count).Select(i => (long)(((i * i) + (i / 3)) % classes)).ToArray());

    /// <summary>Two classes on two sides of the origin, far enough apart that any sound head separates them.</summary>
    public static (torch.Tensor Features, torch.Tensor Labels) TwoClouds(int perClass, int size)
    {
        using var scope = torch.NewDisposeScope();
        var labels = torch.arange(2 * perClass, torch.int64).remainder(2);
        var features = (Features(2 * perClass, size) + ((labels.to(torch.float64).unsqueeze(1) - 0.5) * 6)).to(torch.float32);
        return (features.MoveToOuterDisposeScope(), labels.MoveToOuterDisposeScope());
    }

    public static double LargestDifference(torch.Tensor tensor, params double[] expected) =>
        tensor.to(torch.float64).flatten().data<double>().Zip(expected, (a, b) => Math.Abs(a - b)).Max();
}
