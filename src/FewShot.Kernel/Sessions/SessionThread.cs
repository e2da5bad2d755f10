using System.Collections.Concurrent;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// The one thread on which a session's cells start, and go on when they have awaited something. libtorch keeps the gradient mode, and
/// TorchSharp its dispose scopes, per thread: what one cell sets must still hold in the next.
/// </summary>
internal sealed class SessionThread : IDisposable
{
    // Deep recursion in a cell should meet the same limit as in a program's main thread, and more.
    private const int StackBytes = 16 << 20;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;
    private readonly Lock gate = new();
    private CellContext? running;
    private bool interrupted;

    public SessionThread()
    {
        thread = new Thread(Work, StackBytes) { IsBackground = true, Name = "notebook session" };
        thread.Start();
    }

    public Task<T> Run<T>(Func<T> function)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                done.SetResult(function());
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e);
            }
        });
        return done.Task;
    }

    /// <summary>Runs later, on this thread, more of a cell; never once the session has ended.</summary>
    public void Post(CellContext cell, Action action)
    {
        try
        {
            work.Add(() => Wakeable(cell, _ =>
            {
                SetRunning(cell);
                action();
                return true;
            }));
        }
        catch (InvalidOperationException)
        {
            // The session has ended, and what waited in it for something else has nowhere to go on.
        }
    }

    /// <summary>
    /// Runs code of a cell on this thread. From when it says that it has begun, which it may not where the cell is to stop,
    /// <see cref="Wake"/> may call it out of a sleep or a wait.
    /// </summary>
    public T Wakeable<T>(CellContext cell, Func<Action, T> run)
    {
        try
        {
            return run(() =>
            {
                cell.ThrowIfStopped();
                SetRunning(cell);
            });
        }
        finally
        {
            if (SetRunning(null))
                TakeInterrupt();
        }
    }

    /// <summary>Ends a sleep or a wait of the cell's code, if that runs here, with a <see cref="ThreadInterruptedException"/>.</summary>
    public void Wake(CellContext cell)
    {
        lock (gate)
        {
            if (running != cell)
                return;
            interrupted = true;
            thread.Interrupt();
        }
    }

    public void Dispose() => work.CompleteAdding();

    /// <returns>Whether an interrupt may still be on its way.</returns>
    private bool SetRunning(CellContext? cell)
    {
        lock (gate)
        {
            var pending = interrupted;
            (running, interrupted) = (cell, false);
            return pending;
        }
    }

    /// <summary>An interrupt that found nothing to end would end the next wait, which belongs to somebody else.</summary>
    private static void TakeInterrupt()
    {
        try
        {
            Thread.Sleep(1);
        }
        catch (ThreadInterruptedException)
        {
            // The interrupt that was still on its way has been taken here.
        }
    }

    private void Work()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
        work.Dispose();
    }
}
