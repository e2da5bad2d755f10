using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public class TaskThreadsTests
{
    [Fact]
    public void Should_ComputeEachPieceWithOneThread_When_LibtorchHasSeveral()
    {
        // Loads libtorch, and makes the threads where no other test has.
        using var loaded = torch.zeros(1);
        var before = torch.get_num_threads();
        var seen = new int[8];
        TaskThreads.Run(seen.Length, piece => seen[piece] = torch.get_num_threads());

        Assert.All(seen, threads => Assert.Equal(1, threads));
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Should_MakeNoThreadsOfItsOwn_When_APieceIsLargeEnoughToShare()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("Counts threads by their names in /proc.");
        TaskThreads.Run(8, _ =>
        {
            using var scope = torch.NewDisposeScope();
            var values = torch.rand(1000, 1000);
            values.add(values).exp().mm(values).Dispose();
        });

        // A thread of libtorch's is named after the one that made it.
        var named = Directory.EnumerateDirectories("/proc/self/task").Count(thread => File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("tensor tasks", StringComparison.Ordinal));
        Assert.InRange(named, 1, torch.get_num_threads());
    }
}
