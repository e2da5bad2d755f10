using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// Blocks of 3 x 3 convolution, BatchNorm and ReLU, and a linear head: the usual small network of few-shot learning (Vinyals et al. 2016;
/// Finn et al. 2017). An example is an image, channels x height x width.
/// </summary>
/// <remarks>
/// BatchNorm normalises each task by itself, in training and in use: there are no running averages, which would mix tasks. A convolution
/// has no bias, as the mean that BatchNorm takes away would take it along.
/// </remarks>
public sealed class Conv4 : IFunctionalModel
{
    private const int WeightsPerBlock = 3;
    internal const double Epsilon = 1e-5;

    /// <summary>A network of this form.</summary>
    /// <exception cref="FewShotException">A size is below 1, or the image is used up before the last block.</exception>
    public Conv4(Conv4Options options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Size < 1 || options.Channels < 1 || options.Filters < 1 || options.Blocks < 1 || options.Ways < 1)
            throw new FewShotException($"Every size of a Conv4 must be at least 1; found {options}.");
        Options = options;
        var weights = new List<WeightShape>();
        long size = options.Size, inputs = options.Channels;
        for (var block = 1; block <= options.Blocks; block++)
        {
            weights.Add(new($"block{block}.conv.weight", [options.Filters, inputs, 3, 3], block - 1, false));
            weights.Add(new($"block{block}.bn.weight", [options.Filters], block - 1, false));
            weights.Add(new($"block{block}.bn.bias", [options.Filters], block - 1, false));
            var convolved = ((size - 1) / options.ConvolutionStride) + 1;
            ValuesPerExample += convolved * convolved * options.Filters;
            size = options.Pools(block - 1) ? convolved / 2 : convolved;
            inputs = options.Filters;
            if (size == 0)
            {
                throw new FewShotException(
                    $"An image of {options.Size} x {options.Size} pixels is used up by block {block} of {options.Blocks}.");
            }
        }

        MapSide = size;
        FeatureCount = options.Averages ? options.Filters : options.Filters * size * size;
        weights.Add(new("head.weight", [options.Ways, FeatureCount], options.Blocks, true));
        weights.Add(new("head.bias", [options.Ways], options.Blocks, true));
        Weights = weights;
        Name = $"Conv4 with {options.Filters} filters, {options.Size} x {options.Size}, {options.Ways} ways";
    }

    /// <summary>What it was built from.</summary>
    public Conv4Options Options { get; }

    /// <summary>Height and width of the map after the last block.</summary>
    internal long MapSide { get; }

    /// <summary>Length of the vector that the head sees.</summary>
    public long FeatureCount { get; }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<WeightShape> Weights { get; }

    /// <inheritdoc/>
    public bool UsesBatchNorm => true;

    /// <inheritdoc/>
    public long ValuesPerExample { get; }

    /// <summary>
    /// Convolutions and head evenly from -b to b, b = sqrt(6 / (inputs + outputs)) with 9 values a channel (Glorot and Bengio 2010),
    /// BatchNorm at 1 and 0, the head's bias 0. The authors' code (cbfinn/maml, <c>construct_conv_weights</c>) draws convolutions so, and
    /// for Omniglot the head from the standard normal distribution.
    /// </summary>
    /// <inheritdoc/>
    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        var weights = new ModelWeights(Weights, dtype);
        foreach (var (index, shape) in Weights.Index())
        {
            if (shape.Shape.Count > 1)
            {
                var taps = shape.Shape.Skip(2).Aggregate(1L, (product, size) => product * size);
                var bound = Math.Sqrt(6.0 / (taps * (shape.Shape[0] + shape.Shape[1])));
                var random = new StableRandom(seed, index);
                weights.Fill(index, Enumerable.Range(0, (int)shape.Count).Select(_ => random.Uniform(-bound, bound)));
            }
            else if (shape.Name.EndsWith("bn.weight", StringComparison.Ordinal))
            {
                weights.Fill(index, Enumerable.Repeat(1.0, (int)shape.Count));
            }
        }

        return weights;
    }

    /// <inheritdoc/>
    public torch.Tensor Forward(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics = 0)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(inputs);
        if (inputs.dim() != 5 || inputs.shape[2] != Options.Channels || inputs.shape[3] != Options.Size || inputs.shape[4] != Options.Size)
        {
            throw new FewShotException(
                $"{Name} takes tasks x examples x {Options.Channels} x {Options.Size} x {Options.Size}; "
                + $"found [{string.Join(", ", inputs.shape)}].");
        }

        var (tasks, examples) = (inputs.shape[0], inputs.shape[1]);
        // N x (T C) x H x W: a group of channels for each task, so that one convolution has the filters of all.
        var hidden = inputs.transpose(0, 1).flatten(1, 2);
        var stride = Options.ConvolutionStride;
        for (var block = 0; block < Options.Blocks; block++)
        {
            var first = WeightsPerBlock * block;
            var (kernel, scale, shift) = (weights[first], weights[first + 1], weights[first + 2]);
            hidden = torch.nn.functional.conv2d(hidden, kernel.flatten(0, 1), strides: [stride, stride], padding: [1, 1], groups: tasks);
            hidden = Normalise(hidden, scale.flatten(), shift.flatten(), statistics).relu();
            if (Options.Pools(block))
                hidden = torch.nn.functional.max_pool2d(hidden, 2);
        }

        var features = (Options.Averages ? hidden.mean([2, 3]) : hidden).reshape(examples, tasks, FeatureCount).transpose(0, 1);
        return features.bmm(weights[^2].transpose(1, 2)) + weights[^1].unsqueeze(1);
    }

    /// <summary>BatchNorm of each channel of each task by itself.</summary>
    private static torch.Tensor Normalise(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long statistics)
    {
        if (statistics == 0 || statistics == values.shape[0])
            return torch.nn.functional.batch_norm(values, null!, null!, scale, shift, training: true, eps: Epsilon);
        var counted = values.narrow(0, 0, statistics);
        var mean = counted.mean([0, 2, 3], keepdim: true);
        var variance = (counted - mean).square().mean([0, 2, 3], keepdim: true);
        return torch.addcmul(shift.view(1, -1, 1, 1), values - mean, (variance + Epsilon).rsqrt() * scale.view(1, -1, 1, 1), 1);
    }
}
