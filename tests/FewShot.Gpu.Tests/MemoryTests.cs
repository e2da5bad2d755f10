using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Gpu.Tests;

public class MemoryTests
{
    private const long MostBytesKept = 64L << 20;

    [Theory]
    [MemberData(nameof(Method.Names), MemberType = typeof(Method))]
    public void Should_ReturnTheMemory_When_AMethodIsDone(string method)
    {
        var gpu = OnDevice.Gpu;
        // The first call loads kernels, and fills the pool that libtorch keeps.
        _ = Method.On(gpu, method);
        var (tensors, free) = (DisposeScopeManager.Statistics.ThreadTotalLiveCount, CudaDriver.FreeBytes());
        for (var i = 0; i < 5; i++)
            _ = Method.On(gpu, method);
        Assert.Equal(tensors, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.InRange(free!.Value - CudaDriver.FreeBytes()!.Value, long.MinValue, MostBytesKept);
    }
}
