using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public class TaskThreadsTests
{
    [Fact]
    public void Should_ComputeEachPieceWithOneThread_When_LibtorchHasSeveral()
    {
        // This loads libtorch, and makes the threads if no other test has.
        using var loaded = torch.zeros(1);
        var before = torch.get_num_threads();
        var seen = new int[8];
        TaskThreads.Run(seen.Length, piece => seen[piece] = torch.get_num_threads());

        Assert.All(seen, threads => Assert.Equal(1, threads));
        Assert.Equal(before, torch.get_num_threads());
    }

    [Fact]
    public void Should_RunOnTheSameThread_When_APieceHasPieces()
    {
        using var loaded = torch.zeros(1);
        var inner = new int[4, 3];
        TaskThreads.Run(4, outer => TaskThreads.Run(3, piece => inner[outer, piece] = Environment.CurrentManagedThreadId));

        Assert.All(Enumerable.Range(0, 4), outer => Assert.Single(Enumerable.Range(0, 3).Select(piece => inner[outer, piece]).Distinct()));
        // A piece that never ran would have left 0, the same for all.
        Assert.DoesNotContain(0, inner.Cast<int>());
    }

    [Fact]
    public void Should_SeeWhatTheCallerSees_When_AValueBelongsToAnAsynchronousFlow()
    {
        using var loaded = torch.zeros(1);
        var local = new AsyncLocal<string> { Value = "the caller's" };
        var seen = new string?[4];
        TaskThreads.Run(4, piece => seen[piece] = local.Value);

        Assert.All(seen, value => Assert.Equal("the caller's", value));
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
        var named = Directory.EnumerateDirectories("/proc/self/task")
            .Count(thread => File.ReadAllText(Path.Combine(thread, "comm")).StartsWith("tensor tasks", StringComparison.Ordinal));
        Assert.InRange(named, 1, torch.get_num_threads());
    }

    [Fact]
    public void Should_EndWithTheInterruptionAfterThePieces_When_TheCallerIsInterrupted()
    {
        using var loaded = torch.zeros(1);
        using var begun = new ManualResetEventSlim();
        using var mayEnd = new ManualResetEventSlim();
        var (ran, ended) = (0, 0);
        Exception? seen = null;
        var caller = new Thread(() =>
        {
            seen = Record.Exception(() => TaskThreads.Run(100, _ =>
            {
                _ = Interlocked.Increment(ref ran);
                begun.Set();
                mayEnd.Wait();
                _ = Interlocked.Increment(ref ended);
            }));
        });
        caller.Start();
        begun.Wait(TestContext.Current.CancellationToken);
        caller.Interrupt();
        Assert.False(caller.Join(200), "The caller left pieces behind that use its tensors.");
        mayEnd.Set();
        caller.Join();

        Assert.IsType<ThreadInterruptedException>(seen);
        Assert.Equal(ran, ended);
        Assert.InRange(ran, 1, torch.get_num_threads());
    }
}
