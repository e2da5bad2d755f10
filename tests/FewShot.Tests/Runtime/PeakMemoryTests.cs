using FewShot.Runtime;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Runtime;

/// <summary>It runs alone, as the memory of other tests would be counted too.</summary>
[Collection(nameof(MetaMemoryTests))]
public class PeakMemoryTests
{
    [Theory]
    [InlineData(32)]
    [InlineData(96)]
    public void Should_CountWhatATensorTakes_When_ItIsFilledAndFreed(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the peak of memory.");
        var bytes = (long)megabytes << 20;
        // Memory that was freed before must not hide what is asked for again.
        torch.ones(bytes / 4).Dispose();
        var found = PeakMemory.Of(() => torch.ones(bytes / 4).Dispose());
        Assert.NotNull(found);
        Assert.InRange(found.Value, 0.9 * bytes, (1.5 * bytes) + (16 << 20));
    }
}
