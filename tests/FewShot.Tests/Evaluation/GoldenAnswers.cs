using System.Text.Json;
using FewShot.Evaluation;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

/// <summary>The answers of Golden/evaluation.py: 300 of 4 classes, most of them right.</summary>
internal static class GoldenAnswers
{
    public const int Classes = 4;

    public static JsonElement Expected { get; } = GoldenFile.Read("evaluation.json");

    public static double Number(string name) => Expected.GetProperty(name).GetDouble();

    public static torch.Tensor Scores()
    {
        var values = new double[300, Classes];
        for (var i = 0; i < values.GetLength(0); i++)
        {
            for (var j = 0; j < Classes; j++)
                values[i, j] = (Math.Sin(1 + (0.7 * i) + (1.3 * j * (1 + (i % 3)))) * 2) + (0.1 * j);
        }

        return torch.tensor(values);
    }

    public static torch.Tensor Labels(torch.Tensor scores)
    {
        var best = scores.argmax(1).data<long>().ToArray();
        return torch.tensor(best.Index().Select(entry => entry.Index % 10 < 6
            ? entry.Item
            : (((long)entry.Index * entry.Index) + (entry.Index / 3)) % Classes).ToArray());
    }

    public static Predictions Predictions()
    {
        using var scope = torch.NewDisposeScope();
        var scores = Scores();
        return new Predictions(scores, Labels(scores), ["a", "b", "c", "d"]);
    }
}
