using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using TorchSharp;

namespace FewShot.Runtime;

/// <summary>
/// Runs many pieces of tensor work side by side, each on one thread: small operations lose more by being split among threads than they
/// gain.
/// </summary>
/// <remarks>The threads stay, because libtorch keeps memory for every thread it meets.</remarks>
internal static class TaskThreads
{
    private static readonly Lock Gate = new();
    private static readonly BlockingCollection<Action> Waiting = [];
    private static int started;
    [ThreadStatic]
    private static bool isTaskThread;

    /// <summary>
    /// Runs the pieces on as many threads as libtorch computes with, and waits for all. Inside a piece they run one
    /// after another on its thread.
    /// </summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="piece">Does one, by its number; it must free the tensors it makes. It runs in the caller's execution context, and so
    /// sees the caller's values of <see cref="AsyncLocal{T}"/>.</param>
    /// <exception cref="ThreadInterruptedException">The caller was interrupted: no further piece began, and all that had begun ended.
    /// </exception>
    public static void Run(int count, Action<int> piece)
    {
        if (isTaskThread)
        {
            for (var i = 0; i < count; i++)
                piece(i);
            return;
        }

        var threads = torch.get_num_threads();
        var width = Math.Min(count, threads);
        Start(width, threads);
        var next = -1;
        Exception? failure = null;
        using var done = new CountdownEvent(width);
        var flow = ExecutionContext.Capture();
        for (var worker = 0; worker < width; worker++)
        {
            if (flow is null)
                Waiting.Add(Work);
            else
                Waiting.Add(() => ExecutionContext.Run(flow, _ => Work(), null));
        }

        WaitForAll(done, interrupted => Interlocked.CompareExchange(ref failure, interrupted, null));
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);

        void Work()
        {
            try
            {
                for (var i = Interlocked.Increment(ref next);
                    i < count && Volatile.Read(ref failure) is null;
                    i = Interlocked.Increment(ref next))
                {
                    piece(i);
                }
            }
            catch (Exception e)
            {
                _ = Interlocked.CompareExchange(ref failure, e, null);
            }
            finally
            {
                _ = done.Signal();
            }
        }
    }

    private static void Start(int wanted, int threads)
    {
        Exception? failure = null;
        lock (Gate)
        {
            if (started >= wanted)
                return;
            using var ready = new CountdownEvent(wanted - started);
            for (; started < wanted; started++)
            {
                new Thread(() =>
                {
                    isTaskThread = true;
                    // When a thread first asks for its number of threads, libtorch sets it to the process's. Asked here, that cannot happen
                    // after the next line and undo it.
                    _ = torch.get_num_threads();
                    torch.set_num_threads(1);
                    _ = ready.Signal();
                    foreach (var work in Waiting.GetConsumingEnumerable())
                        work();
                })
                { IsBackground = true, Name = "tensor tasks" }.Start();
            }

            WaitForAll(ready, interrupted => failure = interrupted);
            // What one thread sets becomes the default of threads that come later.
            torch.set_num_threads(threads);
        }

        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    /// <summary>
    /// Waits even where the waiting thread is interrupted: the others use the caller's tensors, and signal an event that must be there.
    /// </summary>
    private static void WaitForAll(CountdownEvent all, Action<ThreadInterruptedException> onInterrupt)
    {
        while (true)
        {
            try
            {
                all.Wait();
                return;
            }
            catch (ThreadInterruptedException e)
            {
                onInterrupt(e);
            }
        }
    }
}
