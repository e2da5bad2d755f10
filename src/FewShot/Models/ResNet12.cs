using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// The residual network of few-shot learning: four blocks of three 3 x 3 convolutions with 64, 160, 320 and 640 filters, leaky ReLU, and
/// max-pooling after each, as in MetaOptNet (Lee et al. 2019, section 4.1) and RFS (Tian et al. 2020, section 4.1); then the mean over
/// what is left of the image.
/// </summary>
/// <remarks>Without DropBlock, which both use in training: it changes nothing in evaluation.</remarks>
public sealed class ResNet12 : IEmbedding
{
    private const int Convolutions = 3;
    private const int WeightsPerBlock = 3 * (Convolutions + 1);
    private const double Slope = 0.1;
    private readonly long channels;
    private readonly long side;

    /// <summary>A network for square images.</summary>
    /// <param name="side">Height and width of an image in pixels, at least 16: four poolings halve it.</param>
    /// <param name="channels">Channels of an image.</param>
    /// <param name="widths">Filters of each block; null for 64, 160, 320 and 640.</param>
    /// <exception cref="FewShotException">The image is used up before the last block, or a size is below 1.</exception>
    public ResNet12(int side = 32, int channels = 3, IReadOnlyList<int>? widths = null)
    {
        widths ??= [64, 160, 320, 640];
        if (channels < 1 || widths.Count == 0 || widths.Any(width => width < 1) || side >> widths.Count == 0)
        {
            throw new FewShotException(
                "A ResNet-12 needs at least one channel and one filter in each block, and an image that lasts for "
                + $"{widths.Count} halvings; found {side} x {side} pixels, {channels} channels, filters {string.Join("-", widths)}.");
        }

        (this.side, this.channels) = (side, channels);
        var weights = new List<WeightShape>();
        var layers = new List<NormLayer>();
        long inputs = channels;
        foreach (var (index, width) in widths.Index())
        {
            for (var convolution = 1; convolution <= Convolutions; convolution++)
            {
                Add($"conv{convolution}", $"bn{convolution}", [width, convolution == 1 ? inputs : width, 3, 3]);
            }

            Add("downsample.0", "downsample.1", [width, inputs, 1, 1]);
            inputs = width;

            void Add(string kernel, string norm, long[] shape)
            {
                var block = $"layer{index + 1}.";
                weights.Add(new(block + kernel + ".weight", shape, index, false));
                weights.Add(new(block + norm + ".weight", [width], index, false));
                weights.Add(new(block + norm + ".bias", [width], index, false));
                layers.Add(new(block + norm, width));
            }
        }

        (Weights, NormLayers) = (weights, layers);
        MapSize = (widths[^1], side >> widths.Count, side >> widths.Count);
        Name = $"ResNet-12 with {string.Join("-", widths)} filters, {side} x {side}";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightShape> Weights { get; }

    /// <inheritdoc/>
    public IReadOnlyList<NormLayer> NormLayers { get; }

    /// <inheritdoc/>
    public (long Channels, long Height, long Width) MapSize { get; }

    /// <inheritdoc/>
    public long FeatureCount => MapSize.Channels;

    /// <summary>
    /// Convolutions of mean 0 and the deviation that keeps the size of gradients through leaky ReLU (He et al. 2015, section 2.2, over the
    /// fan-out); BatchNorm at 1 and 0.
    /// </summary>
    /// <inheritdoc/>
    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var weights = new ModelWeights(Weights, dtype);
        foreach (var (index, shape) in Weights.Index())
        {
            if (shape.Shape.Count > 1)
            {
                var deviation = Math.Sqrt(2 / ((1 + (Slope * Slope)) * shape.Shape[0] * shape.Shape[2] * shape.Shape[3]));
                var random = new StableRandom(seed, index);
                weights.Fill(index, Enumerable.Range(0, (int)shape.Count).Select(_ => deviation * random.NearlyNormal()));
            }
            else if (shape.Name.EndsWith(".weight", StringComparison.Ordinal))
            {
                weights.Fill(index, Enumerable.Repeat(1.0, (int)shape.Count));
            }
        }

        return weights;
    }

    /// <inheritdoc/>
    public torch.Tensor Maps(IReadOnlyList<torch.Tensor> weights, torch.Tensor images, NormStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(statistics);
        ImageSize.Check(Name, images, channels, side);
        var hidden = images;
        for (var block = 0; block < Weights.Count / WeightsPerBlock; block++)
        {
            var input = hidden;
            for (var convolution = 0; convolution < Convolutions; convolution++)
            {
                hidden = Layer(hidden, (block * (Convolutions + 1)) + convolution);
                if (convolution < Convolutions - 1)
                    hidden = torch.nn.functional.leaky_relu(hidden, Slope);
            }

            hidden += Layer(input, (block * (Convolutions + 1)) + Convolutions);
            hidden = torch.nn.functional.max_pool2d(torch.nn.functional.leaky_relu(hidden, Slope), 2);
        }

        return hidden;

        torch.Tensor Layer(torch.Tensor values, int layer)
        {
            var (kernel, scale, shift) = (weights[3 * layer], weights[(3 * layer) + 1], weights[(3 * layer) + 2]);
            var padding = kernel.shape[2] / 2;
            return statistics.Normalise(
                NormLayers[layer], torch.nn.functional.conv2d(values, kernel, padding: [padding, padding]), scale, shift);
        }
    }

    /// <summary>The mean over the map.</summary>
    /// <inheritdoc/>
    public torch.Tensor Vectors(torch.Tensor maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return maps.mean([2, 3]);
    }
}
