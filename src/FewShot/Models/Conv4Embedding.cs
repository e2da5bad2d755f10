using System.Globalization;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// <see cref="Conv4"/> without its head, for learners that compare images by their vectors (Vinyals et al. 2016, section 4.1.2; Snell et
/// al. 2017, section 3.1). Its weights have the names, shapes and first values of Conv4's.
/// </summary>
public sealed class Conv4Embedding : IEmbedding
{
    private const int WeightsPerBlock = 3;
    private readonly Conv4 network;

    /// <summary>An embedding of this form.</summary>
    /// <param name="options">Its <see cref="Conv4Options.Ways"/> are the head's and play no part.</param>
    /// <exception cref="FewShotException">A size is below 1, or the image is used up before the last block.</exception>
    public Conv4Embedding(Conv4Options options)
    {
        network = new Conv4(options);
        Weights = [.. network.Weights.Where(weight => !weight.IsHead)];
        NormLayers = [.. Enumerable.Range(1, options.Blocks).Select(block => new NormLayer($"block{block}.bn", options.Filters))];
        MapSize = (options.Filters, network.MapSide, network.MapSide);
        Name = string.Create(
            CultureInfo.InvariantCulture,
            $"Conv4 embedding with {options.Filters} filters, {options.Size} x {options.Size}, {options.Downsampling}");
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
    public long FeatureCount => network.FeatureCount;

    /// <summary>As <see cref="Conv4.Initial"/>.</summary>
    /// <inheritdoc/>
    public ModelWeights Initial(long seed, torch.ScalarType dtype = torch.ScalarType.Float32)
    {
        using var noGradient = torch.no_grad();
        using var whole = network.Initial(seed, dtype);
        var weights = new ModelWeights(Weights, dtype);
        foreach (var (target, source) in weights.Tensors.Zip(whole.Tensors))
            _ = target.copy_(source);
        return weights;
    }

    /// <inheritdoc/>
    public torch.Tensor Maps(IReadOnlyList<torch.Tensor> weights, torch.Tensor images, NormStatistics statistics)
    {
        ArgumentNullException.ThrowIfNull(weights);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(statistics);
        var options = network.Options;
        ImageSize.Check(Name, images, options.Channels, options.Size);
        var hidden = images;
        var stride = options.ConvolutionStride;
        for (var block = 0; block < options.Blocks; block++)
        {
            var first = WeightsPerBlock * block;
            hidden = torch.nn.functional.conv2d(hidden, weights[first], strides: [stride, stride], padding: [1, 1]);
            hidden = statistics.Normalise(NormLayers[block], hidden, weights[first + 1], weights[first + 2]).relu_();
            if (options.Pools(block))
                hidden = torch.nn.functional.max_pool2d(hidden, 2);
        }

        return hidden;
    }

    /// <summary>The mean over the map where the blocks have stride 2, otherwise the whole map.</summary>
    /// <inheritdoc/>
    public torch.Tensor Vectors(torch.Tensor maps)
    {
        ArgumentNullException.ThrowIfNull(maps);
        return network.Options.Averages ? maps.mean([2, 3]) : maps.flatten(1);
    }
}
