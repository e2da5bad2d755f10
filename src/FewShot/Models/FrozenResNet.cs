using FewShot.Models.Weights;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A <see cref="ResNet"/> as a feature extractor: always in evaluation mode, BatchNorm folded into the convolutions, channels last in
/// memory, no gradient. Its features are those of <see cref="ResNet.Features"/> up to rounding, in about two thirds of the time.
/// </summary>
public sealed class FrozenResNet : IFeatureExtractor
{
    private readonly FrozenConvolution stem;
    private readonly bool pool;
    private readonly IReadOnlyList<FrozenBlock> blocks;
    private readonly torch.Device device;

    /// <summary>Copies and folds the network's weights; the network stays the caller's.</summary>
    /// <param name="network">Any training state; its running statistics are used.</param>
    /// <param name="source">Where the weights come from, for <see cref="Description"/>.</param>
    /// <param name="digest">SHA-256 of the weights, in hexadecimal.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <param name="isStandIn">True for a backbone of ours in place of the ImageNet one.</param>
    public FrozenResNet(ResNet network, string source, string digest, torch.Device? device = null, bool isStandIn = false)
    {
        ArgumentNullException.ThrowIfNull(network);
        this.device = device ?? Torch.Device;
        pool = network.Options.Stem == ResNetStem.ImageNet;
        (stem, blocks) = network.Freeze(this.device);
        FeatureCount = network.FeatureCount;
        WeightsDigest = digest;
        IsStandIn = isStandIn;
        Description = $"{network.Options.Name}{(isStandIn ? " (stand-in)" : string.Empty)}, {source}, SHA-256 {digest[..Math.Min(8, digest.Length)]}...";
    }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string WeightsDigest { get; }

    /// <inheritdoc/>
    public bool IsStandIn { get; }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>Loads a backbone; the file's head, if it has one, is left aside.</summary>
    /// <param name="weightsPath">A safetensors file under torchvision's names.</param>
    /// <param name="options">What the file holds.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <param name="isStandIn">True for a backbone of ours in place of the ImageNet one.</param>
    /// <exception cref="FewShotException">The file is damaged, or a tensor is missing, unexpected, or of another shape or type.</exception>
    public static FrozenResNet Load(string weightsPath, ResNetOptions options, torch.Device? device = null, bool isStandIn = false)
    {
        using var file = SafeTensors.Read(weightsPath);
        using var network = ResNetWeights.Load(file, options, withHead: false);
        return new FrozenResNet(network, Path.GetFileName(weightsPath), file.Digest, device, isStandIn);
    }

    /// <inheritdoc/>
    public torch.Tensor Features(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3 || images.dtype != torch.ScalarType.Float32)
            throw new FewShotException($"A backbone takes float32 images, N x 3 x H x W; found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        using var pooled = Pooled(images);
        // Copied outside inference mode: a tensor made inside it could not serve in a later training step.
        return pooled.clone();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stem.Dispose();
        foreach (var block in blocks)
            block.Dispose();
    }

    private torch.Tensor Pooled(torch.Tensor images)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var hidden = stem.Apply(FrozenConvolution.ChannelsLast(images.to(device))).relu_();
        if (pool)
            hidden = Replace(hidden, torch.nn.functional.max_pool2d(hidden, 3, stride: 2, padding: 1));
        foreach (var block in blocks)
            hidden = Replace(hidden, block.Apply(hidden));
        return hidden.mean([2, 3]).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the layer before as soon as the next one stands: less memory, and the next reuses it.</summary>
    private static torch.Tensor Replace(torch.Tensor before, torch.Tensor after)
    {
        before.Dispose();
        return after;
    }
}
