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
        var found = new List<long?>();
        // What a collection frees in the meantime can be taken again without a new page; not three times in a row.
        for (var turn = 0; turn < 3; turn++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            // Memory that was freed before must not hide what is asked for again.
            torch.ones(bytes / 4).Dispose();
            found.Add(PeakMemory.Of(() => torch.ones(bytes / 4).Dispose()));
        }

        Assert.DoesNotContain(null, found);
        Assert.True(found.Max() > 0.9 * bytes, $"{found.Max():N0} bytes");
        Assert.True(found.Min() < (1.5 * bytes) + (16 << 20), $"{found.Min():N0} bytes");
    }
}
