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

    /// <summary>Runs the pieces on as many threads as libtorch computes with, and waits for all.</summary>
    /// <param name="count">How many pieces there are.</param>
    /// <param name="piece">Does one, by its number; it must free the tensors it makes.</param>
    public static void Run(int count, Action<int> piece)
    {
        var threads = torch.get_num_threads();
        var width = Math.Min(count, threads);
        Start(width, threads);
        var next = -1;
        Exception? failure = null;
        using var done = new CountdownEvent(width);
        for (var worker = 0; worker < width; worker++)
        {
            Waiting.Add(() =>
            {
                try
                {
                    for (var i = Interlocked.Increment(ref next); i < count && Volatile.Read(ref failure) is null; i = Interlocked.Increment(ref next))
                        piece(i);
                }
                catch (Exception e)
                {
                    _ = Interlocked.CompareExchange(ref failure, e, null);
                }
                finally
                {
                    _ = done.Signal();
                }
            });
        }

        done.Wait();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    private static void Start(int wanted, int threads)
    {
        lock (Gate)
        {
            if (started >= wanted)
                return;
            using var ready = new CountdownEvent(wanted - started);
            for (; started < wanted; started++)
            {
                new Thread(() =>
                {
                    // libtorch gives a thread the process's number when it first asks for it; without this question that would undo the next line.
                    _ = torch.get_num_threads();
                    torch.set_num_threads(1);
                    _ = ready.Signal();
                    foreach (var work in Waiting.GetConsumingEnumerable())
                        work();
                })
                { IsBackground = true, Name = "tensor tasks" }.Start();
            }

            ready.Wait();
            // What one thread sets becomes the default of threads that come later.
            torch.set_num_threads(threads);
        }
    }
}
