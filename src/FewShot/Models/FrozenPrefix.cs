using TorchSharp;

namespace FewShot.Models;

/// <summary>
/// The first layer groups of a network, which fine-tuning leaves as they are: BatchNorm folded, channels last in memory, no gradient.
/// </summary>
internal sealed class FrozenPrefix : IDisposable
{
    private readonly FrozenStem stem;
    private readonly IReadOnlyList<FrozenBlock> blocks;

    /// <summary>Takes ownership of both.</summary>
    public FrozenPrefix(FrozenStem stem, IReadOnlyList<FrozenBlock> blocks)
    {
        this.stem = stem;
        this.blocks = blocks;
    }

    /// <summary>What the groups make of a batch, ready for layers that train.</summary>
    /// <param name="images">float32, N x 3 x H x W, normalised.</param>
    /// <returns>float32, N x C x h x w, contiguous: libtorch's backward pass of channels-last convolutions is not to be trusted.</returns>
    public torch.Tensor Apply(torch.Tensor images)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var hidden = blocks.Aggregate(stem.Apply(images), (input, block) => block.Apply(input));
        return hidden.contiguous().MoveToOuterDisposeScope();
    }

    public void Dispose()
    {
        stem.Dispose();
        foreach (var block in blocks)
            block.Dispose();
    }
}
