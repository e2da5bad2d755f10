using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;
using Functional = TorchSharp.torch.nn.functional;

namespace FewShot.Onnx;

/// <summary>The layers of a network with weights of one task, as its query examples see them one by one.</summary>
internal static class LearnerLayers
{
    /// <summary>From examples to outputs.</summary>
    /// <param name="graph">Where the layers go.</param>
    /// <param name="model">The network.</param>
    /// <param name="weights">One for each of its weights, of the weight's shape.</param>
    /// <param name="support">S x the size of an example: BatchNorm takes its means and variances from them.</param>
    /// <param name="input">A value, float32, N x the size of an example.</param>
    /// <param name="name">What the outputs are called.</param>
    /// <returns>A value, float32, N x outputs.</returns>
    /// <exception cref="FewShotException">The model is of a kind that cannot be exported.</exception>
    public static string Add(
        OnnxGraph graph, IFunctionalModel model, IReadOnlyList<torch.Tensor> weights, torch.Tensor support, string input, string name)
    {
        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        torch.Tensor[] exact = [.. weights.Select(weight => weight.detach().cpu().to(torch.float64))];
        return model switch
        {
            Conv4 network => Convolutional(graph, network.Options, exact, support.detach().cpu().to(torch.float64), input, name),
            Mlp => Perceptron(graph, exact, input, name),
            _ => throw new FewShotException(
                $"{model.Name} is a {model.GetType().Name}, which cannot be exported to ONNX: only {nameof(Conv4)} and {nameof(Mlp)} can."),
        };
    }

    private static string Convolutional(
        OnnxGraph graph, Conv4Options options, torch.Tensor[] weights, torch.Tensor support, string input, string name)
    {
        var pools = options.Downsampling == Conv4Downsampling.MaxPool;
        var stride = pools ? 1 : 2;
        var (value, seen) = (input, support);
        for (var block = 0; block < options.Blocks; block++)
        {
            var (kernel, bias) = Folded(weights.AsSpan(3 * block, 3), seen, stride);
            seen = Functional.conv2d(seen, kernel, bias, strides: [stride, stride], padding: [1, 1]).relu_();
            var layer = $"block{block + 1}";
            var convolved = graph.Add(
                "Conv",
                layer,
                [value, graph.Weights($"{layer}.weight", kernel), graph.Weights($"{layer}.bias", bias)],
                OnnxGraph.Setting("kernel_shape", 3, 3),
                OnnxGraph.Setting("strides", stride, stride),
                OnnxGraph.Setting("pads", 1, 1, 1, 1));
            value = graph.Add("Relu", $"{layer}.relu", [convolved]);
            if (pools)
            {
                seen = Functional.max_pool2d(seen, 2);
                value = graph.Add(
                    "MaxPool", $"{layer}.pool", [value], OnnxGraph.Setting("kernel_shape", 2, 2), OnnxGraph.Setting("strides", 2, 2));
            }
        }

        var features = graph.Add("Flatten", "features", [pools ? value : graph.Add("GlobalAveragePool", "pool", [value])]);
        return HeadLayers.Linear(graph, name, weights[^2], weights[^1], features);
    }

    /// <summary>A convolution with the BatchNorm behind it, whose mean and variance are those of the support.</summary>
    private static (torch.Tensor Kernel, torch.Tensor Bias) Folded(ReadOnlySpan<torch.Tensor> weights, torch.Tensor support, int stride)
    {
        var (kernel, scale, shift) = (weights[0], weights[1], weights[2]);
        var convolved = Functional.conv2d(support, kernel, strides: [stride, stride], padding: [1, 1]);
        var mean = convolved.mean([0, 2, 3], keepdim: true);
        var factor = scale / ((convolved - mean).square().mean([0, 2, 3]) + Conv4.Epsilon).sqrt();
        return (kernel * factor.view(-1, 1, 1, 1), shift - (mean.flatten() * factor));
    }

    private static string Perceptron(OnnxGraph graph, torch.Tensor[] weights, string input, string name)
    {
        var value = input;
        for (var layer = 1; layer < weights.Length / 2; layer++)
        {
            var linear = HeadLayers.Linear(graph, $"layer{layer}", weights[(2 * layer) - 2], weights[(2 * layer) - 1], value);
            value = graph.Add("Relu", $"layer{layer}.relu", [linear]);
        }

        return HeadLayers.Linear(graph, name, weights[^2], weights[^1], value);
    }
}
