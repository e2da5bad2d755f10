using FewShot.Models;

namespace FewShot.Onnx;

/// <summary>The layers of a frozen residual network, BatchNorm folded into its convolutions.</summary>
internal static class ResNetLayers
{
    /// <summary>From normalised images to features.</summary>
    /// <param name="graph">Where the layers go.</param>
    /// <param name="network">The network; its weights are copied.</param>
    /// <param name="images">A value, float32, N x 3 x H x W.</param>
    /// <param name="name">What the features are called.</param>
    /// <returns>A value, float32, N x D.</returns>
    public static string Add(OnnxGraph graph, FrozenResNet network, string images, string name)
    {
        var hidden = Rectified(graph, "stem", Convolved(graph, "stem.conv", network.Stem.Convolution, images));
        if (network.Stem.Pools)
        {
            hidden = graph.Add(
                "MaxPool",
                "stem.pool",
                [hidden],
                OnnxGraph.Setting("kernel_shape", 3, 3),
                OnnxGraph.Setting("strides", 2, 2),
                OnnxGraph.Setting("pads", 1, 1, 1, 1));
        }

        foreach (var (index, block) in network.Blocks.Index())
            hidden = Block(graph, $"block{index + 1}", block, hidden);
        return graph.Add("Flatten", name, [graph.Add("GlobalAveragePool", "pool", [hidden])]);
    }

    private static string Block(OnnxGraph graph, string name, FrozenBlock block, string input)
    {
        var shortcut = block.Shortcut is null ? input : Convolved(graph, $"{name}.shortcut", block.Shortcut, input);
        var hidden = Rectified(graph, $"{name}.conv1", Convolved(graph, $"{name}.conv1", block.First, input));
        var sum = graph.Add("Add", $"{name}.sum", [Convolved(graph, $"{name}.conv2", block.Second, hidden), shortcut]);
        return Rectified(graph, name, sum);
    }

    private static string Convolved(OnnxGraph graph, string name, FrozenConvolution convolution, string input)
    {
        var (rows, columns) = (convolution.Padding[0], convolution.Padding[1]);
        return graph.Add(
            "Conv",
            name,
            [input, graph.Weights($"{name}.weight", convolution.Weight), graph.Weights($"{name}.bias", convolution.Bias)],
            OnnxGraph.Setting("kernel_shape", convolution.Weight.shape[2..]),
            OnnxGraph.Setting("strides", [.. convolution.Stride]),
            OnnxGraph.Setting("pads", rows, columns, rows, columns));
    }

    private static string Rectified(OnnxGraph graph, string name, string input) => graph.Add("Relu", $"{name}.relu", [input]);
}
