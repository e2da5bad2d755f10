using FewShot.Runtime;
using FewShot.SafeTensors;
using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// A <see cref="ResNet"/> as a feature extractor: always in evaluation mode, BatchNorm folded into the convolutions, channels last in
/// memory, layers of many channels by <see cref="WinogradConvolution"/>, no gradient. Its features are those of
/// <see cref="ResNet.Features"/> up to rounding, sooner.
/// </summary>
public sealed class FrozenResNet : IFeatureExtractor
{
    // 8 images of 128 x 128: the stem's output then takes 8 MB.
    private const long SlicePixels = 8 * 128 * 128;
    // With fewer images the late layers wait for their kernels, which are larger than the cache.
    private const long LeastImagesOfAThread = 32;

    private readonly FrozenStem stem;
    private readonly IReadOnlyList<FrozenBlock> blocks;
    private readonly torch.Device device;

    /// <summary>Copies and folds the network's weights; the network stays the caller's.</summary>
    /// <param name="network">Any training state; its running statistics are used.</param>
    /// <param name="source">Where the weights come from, for <see cref="Description"/>.</param>
    /// <param name="digest">SHA-256 of the weights, in hexadecimal.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    public FrozenResNet(ResNet network, string source, string digest, torch.Device? device = null)
    {
        ArgumentNullException.ThrowIfNull(network);
        this.device = device ?? Torch.Device;
        (stem, blocks) = network.Freeze(this.device);
        FeatureCount = network.FeatureCount;
        WeightsDigest = digest;
        Name = network.Options.Name;
        Description = $"{Name} ({source}, SHA-256 {digest[..Math.Min(8, digest.Length)]}...)";
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Description { get; }

    /// <inheritdoc/>
    public string WeightsDigest { get; }

    /// <inheritdoc/>
    public int FeatureCount { get; }

    /// <summary>The layers before the first block.</summary>
    internal FrozenStem Stem => stem;

    /// <summary>The blocks in their order.</summary>
    internal IReadOnlyList<FrozenBlock> Blocks => blocks;

    /// <summary>Loads a backbone; the file's head, if it has one, is left aside.</summary>
    /// <param name="weightsPath">A safetensors file under torchvision's names.</param>
    /// <param name="options">What the file holds.</param>
    /// <param name="device">Where to compute; <see cref="Torch.Device"/> where null.</param>
    /// <exception cref="FewShotException">The file is damaged, or a tensor is missing, unexpected, or of another shape or type.</exception>
    public static FrozenResNet Load(string weightsPath, ResNetOptions options, torch.Device? device = null)
    {
        using var file = TensorFile.Read(weightsPath);
        using var network = ResNetWeights.Load(file.Tensors, weightsPath, options, withHead: false);
        return new FrozenResNet(network, Path.GetFileName(weightsPath), file.Digest, device);
    }

    /// <inheritdoc/>
    public torch.Tensor Features(torch.Tensor images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.dim() != 4 || images.shape[1] != 3 || images.dtype != torch.ScalarType.Float32)
        {
            throw new FewShotException(
                $"A backbone takes float32 images, N x 3 x H x W; found {images.dtype} with shape [{string.Join(", ", images.shape)}].");
        }

        using var scope = torch.NewDisposeScope();
        using var noGradient = torch.no_grad();
        // Made outside inference mode: a tensor made inside it could not serve in a later training step.
        var features = torch.empty([images.shape[0], FeatureCount], device: device);
        var shares = images.tensor_split(Threads(images));
        var targets = features.tensor_split(shares.Length);
        if (shares.Length == 1)
            Pool(images, features);
        else
            TaskThreads.Run(shares.Length, share => Pool(shares[share], targets[share]));
        return features.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        stem.Dispose();
        foreach (var block in blocks)
            block.Dispose();
    }

    private int EarlyBlocks => blocks.Count / 2;

    /// <summary>
    /// Each thread takes its share of the images through all layers: threads that share every layer wait for each other after each, and on
    /// a machine that others use as well one is always late.
    /// </summary>
    private int Threads(torch.Tensor images)
    {
        var threads = device.type == DeviceType.CPU ? torch.get_num_threads() : 1;
        return images.shape[0] < threads * LeastImagesOfAThread ? 1 : threads;
    }

    private void Pool(torch.Tensor images, torch.Tensor features)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var hidden = torch.cat(images.split(SliceSize(images)).Select(Early).ToList());
        foreach (var block in blocks.Skip(EarlyBlocks))
            hidden = Replace(hidden, block.Apply(hidden));
        _ = features.copy_(hidden.mean([2, 3]));
    }

    /// <summary>The layers with large images and small kernels, on a few images at a time.</summary>
    private torch.Tensor Early(torch.Tensor images)
    {
        using var scope = torch.NewDisposeScope();
        var hidden = stem.Apply(images.to(device));
        foreach (var block in blocks.Take(EarlyBlocks))
            hidden = Replace(hidden, block.Apply(hidden));
        return hidden.MoveToOuterDisposeScope();
    }

    /// <summary>
    /// On a CPU the early layers are fastest where what passes between them stays in the cache, the late ones on many images at once,
    /// since their large kernels are laid out anew at every call.
    /// </summary>
    private long SliceSize(torch.Tensor images) => device.type == DeviceType.CPU
        ? Math.Max(1, SlicePixels / (images.shape[2] * images.shape[3]))
        : Math.Max(1, images.shape[0]);

    /// <summary>Frees the layer before as soon as the next one stands: less memory, and the next reuses it.</summary>
    private static torch.Tensor Replace(torch.Tensor before, torch.Tensor after)
    {
        before.Dispose();
        return after;
    }
}
