using TorchSharp;

namespace FewShot.Models;

/// <summary>A <see cref="BasicBlock"/> in evaluation, its BatchNorms folded.</summary>
internal sealed record FrozenBlock(FrozenConvolution First, FrozenConvolution Second, FrozenConvolution? Shortcut) : IDisposable
{
    public torch.Tensor Apply(torch.Tensor input)
    {
        using var shortcut = Shortcut?.Apply(input);
        using var hidden = First.Apply(input, rectifies: true);
        return Second.Apply(hidden, rectifies: true, shortcut ?? input);
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
        Shortcut?.Dispose();
    }
}
