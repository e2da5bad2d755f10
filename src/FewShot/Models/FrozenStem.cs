using TorchSharp;

namespace FewShot.Models;

/// <summary>The layers before the first stage, in evaluation.</summary>
/// <param name="Convolution">Convolution and BatchNorm, folded.</param>
/// <param name="Pools">Whether 3x3 max-pooling of stride 2 follows.</param>
internal sealed record FrozenStem(FrozenConvolution Convolution, bool Pools) : IDisposable
{
    public torch.Tensor Apply(torch.Tensor images)
    {
        using var channelsLast = FrozenConvolution.ChannelsLast(images);
        var hidden = Convolution.Apply(channelsLast);
        if (!Pools)
            return hidden.relu_();
        // The maximum and the rectifier commute; in this order the rectifier has a quarter of the work.
        using (hidden)
            return torch.nn.functional.max_pool2d(hidden, 3, stride: 2, padding: 1).relu_();
    }

    public void Dispose() => Convolution.Dispose();
}
