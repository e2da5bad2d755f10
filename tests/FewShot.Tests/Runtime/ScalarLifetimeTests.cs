using System.Diagnostics;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public class ScalarLifetimeTests
{
    /// <summary>Without the longer lifetime about one call in 15,000 fails here.</summary>
    [Fact]
    public void Should_ReadTheNumbersOfACall_When_AnotherThreadCollectsGarbage()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("TorchSharp's numbers are made to live longer on Linux alone.");
        Torch.Load();
        var end = Stopwatch.StartNew();
        var enough = TimeSpan.FromSeconds(4);
        var collector = new Thread(() =>
        {
            while (end.Elapsed < enough)
            {
                GC.Collect(0, GCCollectionMode.Forced, blocking: true);
                GC.WaitForPendingFinalizers();
            }
        });
        collector.Start();
        using var ones = torch.ones(64, torch.float64);
        var right = true;
        var failure = Record.Exception(() =>
        {
            while (end.Elapsed < enough)
            {
                using var scope = torch.NewDisposeScope();
                right &= ones.add(ones, 0.5).mul(2.0).sub(1.5)[0].item<double>() == 1.5;
            }
        });
        collector.Join();

        Assert.Null(failure);
        Assert.True(right, "A number changed during a call.");
    }
}
