using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public class TorchTests
{
    [Fact]
    public void Should_Compute_When_NativeLibrariesAreLoaded()
    {
        Torch.Load();
        using var scope = torch.NewDisposeScope();
        Assert.Equal(6f, torch.tensor(new[] { 1f, 2f, 3f }).sum().item<float>());
    }
}
