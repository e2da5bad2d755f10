using System.Diagnostics;
using FewShot.Kernel.Cells;
using FewShot.Kernel.Jupyter;
using FewShot.Runtime;

namespace FewShot.Kernel.Tests.Sessions;

/// <summary>The ways in which a cell can be at work when it is stopped, in one session: each prints the time that its stop took.</summary>
public sealed class StopWaysTests(StopWaysTests.Fixture fixture) : IClassFixture<StopWaysTests.Fixture>
{
    // What a stop takes on an idle machine is printed; this only tells an end from none.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private TestSession Session => fixture.Session;

    /// <summary>Cells that would work for longer than any test waits, and count in <c>c</c>.</summary>
    public static TheoryData<string, string> Ways => new()
    {
        { "while loop", "while (true) c++;" },
        { "do loop", "do c++; while (true);" },
        { "for loop", "for (;;) { c++; }" },
        { "goto loop", "again: c++; goto again;" },
        { "foreach over an endless iterator", "foreach (var n in Endless()) c += n;" },
        { "iterator that a library reads", "Endless().Count(n => n < 0)" },
        { "loop of awaits", "while (true) { await Task.Delay(400); c++; }" },
        { "loop that catches all", "while (true) { try { c++; await Task.Delay(1); } catch { } }" },
        { "one long await", "await Task.Delay(-1); c++;" },
        { "await foreach", "await foreach (var n in Slow()) c += n;" },
        { "one long sleep", "Thread.Sleep(-1); c++;" },
        { "sleep after an await", "await Task.Delay(1); Thread.Sleep(-1); c++;" },
        { "wait for an event", "new ManualResetEventSlim().Wait(); c++;" },
        { "recursion", "long Fib(int n) { c++; return n < 2 ? n : Fib(n - 1) + Fib(n - 2); }\nFib(60)" },
        { "recursion that is an expression", "long Fib(int n) => n < 2 ? n + 0 * c++ : Fib(n - 1) + Fib(n - 2);\nFib(60)" },
        { "recursion of a method", "class Deep { public static long Fib(int n) => n < 2 ? 1 : Fib(n - 1) + Fib(n - 2); }\nDeep.Fib(60)" },
        { "LINQ with a lambda", "Enumerable.Range(0, int.MaxValue).Count(x => c++ < 0)" },
        { "query shown as the last line", "Enumerable.Range(0, int.MaxValue).Where(x => c++ < 0)" },
        { "query that sleeps, shown as the last line", "Enumerable.Range(0, 100).Select(i => { Thread.Sleep(2000); c++; return i; })" },
        { "loop in a task", "await Task.Run(() => { while (true) c++; });" },
        { "tasks that nobody awaits", "_ = Task.Run(() => { while (true) c++; }); while (true) { }" },
        { "thread of its own", "new Thread(() => { while (true) c++; }).Start(); while (true) { }" },
        { "parallel loop", "Parallel.For(0, int.MaxValue, i => { c++; });" },
        { "library training that reports", "_ = FewShot.Transfer.LinearProbe.Train(torch.rand(32, 2), "
            + "torch.tensor(Enumerable.Range(0, 32).Select(i => i % 2L).ToArray()), 2, new() { Epochs = 1_000_000 });" },
        { "line that is read", "Console.ReadLine(); c++;" },
        { "printing loop", "while (true) Console.WriteLine(c++);" },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Should_EndSoonAndNotGoOn_When_Stopped(string way, string work)
    {
        using var stop = new CancellationTokenSource();
        var asked = new Stopwatch();
        using var asking = stop.Token.Register(asked.Start);
        var begun = 0;
        var cell = Session.RunUntil(
            stop.Token,
            "Console.WriteLine(\"in\");\n" + work,
            _ =>
            {
                if (Interlocked.Exchange(ref begun, 1) == 0)
                    stop.CancelAfter(50);
            },
            (_, _) =>
            {
                stop.Token.WaitHandle.WaitOne();
                throw new OperationCanceledException(stop.Token);
            });
        var patience = Task.Delay(Patience + Patience, TestContext.Current.CancellationToken);
        Assert.True(await Task.WhenAny(cell, patience) == cell, "It goes on.");
        var took = asked.Elapsed;
        TestContext.Current.TestOutputHelper!.WriteLine($"{way}: {took.TotalMilliseconds:F0} ms");
        var (result, outputs) = await cell;
        Assert.EndsWith("was stopped.", result.Error?.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(outputs.OfType<StreamOutput>(), output => output.IsError);
        Assert.True(took < Patience, $"{took}");
        var wait = way == "loop of awaits" ? 450 : 50;
        Assert.Equal("True", await Session.Value($"var before = c; await Task.Delay({wait}); before == c"));
        Assert.Null(fixture.Unhandled);
    }

    // With much of the stack for each call: a report of hundreds of thousands takes seconds.
    [Theory]
    [InlineData("int Rec(int n) { Span<byte> room = stackalloc byte[8000]; return Rec(n + 1) + room[0]; }\nRec(0)")]
    [InlineData("int Even(int n) { Span<byte> room = stackalloc byte[8000]; return Odd(n + 1); }\nint Odd(int n) => Even(n + 1);\nEven(0)")]
    [InlineData("Func<int, int>? rec = null;\nrec = n => { Span<byte> room = stackalloc byte[8000]; return rec!(n + 1); };\nrec(0)")]
    [InlineData("class A { public int Next { get { Span<byte> room = stackalloc byte[8000]; return new A().Next; } } }\nnew A().Next")]
    [InlineData("class A { public A() { Span<byte> room = stackalloc byte[8000]; new A(1); } public A(int n) : this() { } }\nnew A()")]
    [InlineData("int Rec(int n) { Span<byte> room = stackalloc byte[8000]; return Rec(n + 1) + room[0]; }\nawait Task.Run(() => Rec(0))")]
    public async Task Should_TellOfTheCallsInFewLines_When_RecursionHasNoEnd(string code)
    {
        var (result, _) = await Session.Run(code);
        Assert.Equal((CellStatus.Failed, typeof(InsufficientExecutionStackException).FullName), (result.Status, result.Error!.Name));
        Assert.StartsWith("The calls are nested too deeply", result.Error.Message, StringComparison.Ordinal);
        Assert.Contains(result.Error.Trace, line => line.Contains("more calls", StringComparison.Ordinal));
        Assert.InRange(result.Error.Trace.Count, 5, 60);
        TestContext.Current.TestOutputHelper!.WriteLine($"{result.Running.TotalMilliseconds:F0} ms");
        Assert.Equal("2", await Session.Value("1 + 1"));
    }

    [Fact]
    public async Task Should_EndWhenItWakes_When_StoppedWorkWasAsleep()
    {
        using var stop = new CancellationTokenSource();
        await Session.RunUntil(
            stop.Token,
            """
            _ = Task.Run(async () => { while (true) { await Task.Delay(200).ConfigureAwait(false); c++; } });
            Console.WriteLine("in");
            while (true) { }
            """,
            _ => stop.Cancel());
        Assert.Equal("True", await Session.Value("await Task.Delay(300); var before = c; await Task.Delay(500); before == c"));
    }

    [Fact]
    public async Task Should_CleanUp_When_Stopped()
    {
        await Session.Run(
            """
            var told = new List<string>();
            void Tell(string text) { foreach (var part in new[] { text }) told.Add(part); }
            class Held(List<string> told) : IDisposable { public void Dispose() { for (var i = 0; i < 1; i++) told.Add("disposed"); } }
            """);
        using var stop = new CancellationTokenSource();
        await Session.RunUntil(
            stop.Token,
            """
            Console.WriteLine("in");
            try { using (new Held(told)) while (true) { } }
            finally { foreach (var n in new[] { 1 }) Add("finally"); Console.WriteLine(); await Task.Delay(1); told.Add("awaited"); }
            void Add(string text) => told.Add(text);
            """,
            _ => stop.Cancel());
        Assert.Equal("disposed, finally, awaited", await Session.Value("string.Join(\", \", told)"));
    }

    [Fact]
    public async Task Should_SayThatItGoesOn_When_ATaskIsInsideALongCall()
    {
        const string Work = "Console.WriteLine(\"in\"); await Task.WhenAll(Task.Run(() => Thread.Sleep(3000)), Task.Delay(1));";
        using var stop = new CancellationTokenSource();
        var (result, _) = await Session.RunUntil(stop.Token, Work, _ => stop.CancelAfter(50));
        Assert.Equal(CellStatus.Cancelled, result.Status);
        Assert.Contains("a task or thread that it started is inside a call", result.Error!.Message, StringComparison.Ordinal);
        // Until it has ended, other cells ask for its sake, and a test of what wakes could not fail.
        Assert.Equal("2", await Session.Value("await Task.Delay(1200); 1 + 1"));
    }

    [Fact]
    public async Task Should_GoOnOnTheSameThread_When_TheCellHasAwaited() =>
        Assert.Equal(
            "True, True, True, True",
            await Session.Value(
                """
                var thread = Environment.CurrentManagedThreadId;
                bool Same() => Environment.CurrentManagedThreadId == thread;
                await Task.Delay(1); var delayed = Same();
                var value = await Task.Run(() => 5); var ran = Same() && value == 5;
                await Task.Yield(); var yielded = Same();
                async ValueTask<int> Six() { await Task.Delay(1).ConfigureAwait(false); return 6; }
                var six = await Six();
                string.Join(", ", delayed, ran, yielded, Same() && six == 6)
                """));

    [Fact]
    public async Task Should_NotWaitForItself_When_TheCellBlocksOnItsOwnAsyncMethod() =>
        Assert.Equal(
            "7", await Session.Value("async Task<int> Seven() { await Task.Delay(1); return 7; }\nawait Task.Delay(1);\nSeven().Result"));

    /// <summary>One session for all of them, with a bar for what reports.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        private readonly IProgress<StepProgress> progress = ProgressSink.Current;
        private readonly TextReader input = Console.In;

        public TestSession Session { get; } = new();

        /// <summary>What a thread has thrown that nobody caught: it would end a kernel.</summary>
        public object? Unhandled { get; private set; }

        public async ValueTask InitializeAsync()
        {
            ProgressSink.Current = new NotebookProgress();
            Console.SetIn(new CellInput());
            AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
            await Session.Run(
                """
                using System.Threading; using TorchSharp;
                long c = 0;
                IEnumerable<int> Endless() { while (true) yield return 1; }
                async IAsyncEnumerable<int> Slow() { while (true) { await Task.Delay(20); yield return 1; } }
                """);
        }

        public ValueTask DisposeAsync()
        {
            ProgressSink.Current = progress;
            Console.SetIn(input);
            AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
            Session.Dispose();
            return ValueTask.CompletedTask;
        }

        private void OnUnhandled(object sender, UnhandledExceptionEventArgs thrown) => Unhandled = thrown.ExceptionObject;
    }
}
