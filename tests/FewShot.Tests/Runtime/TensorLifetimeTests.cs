using System.Diagnostics;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

/// <summary>Not beside others: what they load meanwhile hides the memory that comes back.</summary>
[CollectionDefinition(nameof(TensorLifetimeTests), DisableParallelization = true)]
[Collection(nameof(TensorLifetimeTests))]
public class TensorLifetimeTests
{
    /// <summary>Without the longer lifetime the process ends here within a second.</summary>
    [Fact]
    public void Should_ReadTheTensorsOfACall_When_AnotherThreadCollectsGarbage()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Tensors that nobody disposes are made to live longer on Linux alone.");
        Torch.Load();
        var clock = Stopwatch.StartNew();
        var enough = TimeSpan.FromSeconds(3);
        var collector = new Thread(() =>
        {
            while (clock.Elapsed < enough)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        using var noGradient = torch.no_grad();
        var right = true;
        while (clock.Elapsed < enough)
            right &= torch.ones(4096).mul(torch.ones(4096)).add(torch.ones(4096)).sum().item<float>() == 8192;
        collector.Join();
        Assert.True(right, "A tensor changed during a call.");
    }

    [Fact]
    public void Should_FreeThem_When_TheyHaveWaited()
    {
        Torch.Load();
        Make();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        var before = Process.GetCurrentProcess().WorkingSet64;
        Assert.True(
            SpinWait.SpinUntil(() => Process.GetCurrentProcess().WorkingSet64 < before - (100 << 20), TimeSpan.FromSeconds(20)),
            "The memory of tensors that nobody disposed did not come back.");

        [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
        static void Make() => _ = torch.ones(64 << 20);
    }
}
