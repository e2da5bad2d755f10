using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Onnx;

/// <summary>A head's transform of features and its scores.</summary>
internal static class HeadLayers
{
    /// <summary>From features to class scores.</summary>
    /// <param name="graph">Where the layers go.</param>
    /// <param name="head">The head; its weights are copied, and rounded to float32.</param>
    /// <param name="features">A value, float32, N x D.</param>
    /// <param name="name">What the scores are called.</param>
    /// <returns>A value, float32, N x classes.</returns>
    /// <exception cref="FewShotException">The head is of a kind that cannot be exported.</exception>
    public static string Add(OnnxGraph graph, IHead head, string features, string name)
    {
        using var scope = torch.NewDisposeScope();
        return head switch
        {
            RidgeHead ridge => Add(graph, ridge.Linear, features, name),
            CosineHead cosine => Linear(graph, name, cosine.ScaledWeights(), null, Transformed(graph, cosine.Transform, features)),
            LinearHead linear => Linear(graph, name, linear.Weight, linear.Bias, Transformed(graph, linear.Transform, features)),
            NearestCentroid { Metric: CentroidMetric.Euclidean } nearest =>
                Distances(graph, name, nearest.Centroids, Transformed(graph, nearest.Transform, features)),
            NearestCentroid { Metric: CentroidMetric.Cosine } nearest => Linear(
                graph,
                name,
                torch.nn.functional.normalize(nearest.Centroids),
                null,
                OfLengthOne(graph, Transformed(graph, nearest.Transform, features))),
            _ => throw new FewShotException(
                $"A head of the type {head.GetType().Name} cannot be exported to ONNX: only {nameof(LinearHead)}, {nameof(RidgeHead)}, "
                + $"{nameof(CosineHead)} and {nameof(NearestCentroid)} can."),
        };
    }

    /// <summary>A linear layer.</summary>
    /// <param name="graph">Where the layer goes.</param>
    /// <param name="name">Of the layer and of its value.</param>
    /// <param name="weight">Outputs x D.</param>
    /// <param name="bias">Outputs; null for none.</param>
    /// <param name="input">A value, float32, N x D.</param>
    /// <returns>A value, float32, N x outputs.</returns>
    public static string Linear(OnnxGraph graph, string name, torch.Tensor weight, torch.Tensor? bias, string input) => graph.Add(
        "Gemm",
        name,
        [
            input, graph.Weights($"{name}.weight", weight),
            .. bias is null ? Array.Empty<string>() : [graph.Weights($"{name}.bias", bias)],
        ],
        OnnxGraph.Flag("transB", 1));

    /// <summary>Less the squared distance to each centroid, from the differences themselves, as their squares alone cancel badly.</summary>
    private static string Distances(OnnxGraph graph, string name, torch.Tensor centroids, string features)
    {
        var rows = graph.Add("Unsqueeze", $"{name}.rows", [features, graph.Integers($"{name}.rows.axis", 1)]);
        var differences = graph.Add("Sub", $"{name}.differences", [rows, graph.Weights($"{name}.centroids", centroids.unsqueeze(0))]);
        var distances = graph.Add(
            "ReduceSumSquare",
            $"{name}.distances",
            [differences, graph.Integers($"{name}.distances.axis", 2)],
            OnnxGraph.Flag("keepdims", 0));
        return graph.Add("Neg", name, [distances]);
    }

    private static string Transformed(OnnxGraph graph, FeatureTransform transform, string features)
    {
        var value = features;
        if (transform.TakesSquareRoots)
        {
            var root = graph.Add("Sqrt", "features.root", [graph.Add("Abs", "features.size", [value])]);
            value = graph.Add("Mul", "features.rooted", [root, graph.Add("Sign", "features.sign", [value])]);
        }

        if (transform.Mean.count_nonzero().item<long>() > 0)
            value = graph.Add("Sub", "features.centred", [value, graph.Weights("features.mean", transform.Mean)]);
        if (transform.Divisor.ne(1).any().item<bool>())
            value = graph.Add("Div", "features.scaled", [value, graph.Weights("features.divisor", transform.Divisor)]);
        return transform.Normalises ? OfLengthOne(graph, value) : value;
    }

    private static string OfLengthOne(OnnxGraph graph, string features)
    {
        var length = graph.Add(
            "ReduceL2", "features.length", [features, graph.Integers("features.length.axis", 1)], OnnxGraph.Flag("keepdims", 1));
        var least = graph.Number("features.length.least", FeatureTransform.Smallest);
        var divisor = graph.Add("Max", "features.length.atLeast", [length, least]);
        return graph.Add("Div", "features.direction", [features, divisor]);
    }
}
