using System.Collections.Concurrent;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// The one thread on which a session's cells start. libtorch keeps the gradient mode, and TorchSharp its dispose scopes, per
/// thread: what one cell sets must still hold in the next.
/// </summary>
internal sealed class SessionThread : IDisposable
{
    // Deep recursion in a cell should meet the same limit as in a program's main thread, and more.
    private const int StackBytes = 16 << 20;

    private readonly BlockingCollection<Action> work = [];
    private readonly Thread thread;
    private readonly Lock gate = new();
    private bool wakeable;

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

    /// <summary>Runs on this thread what <see cref="Wake"/> may call out of a sleep or a wait.</summary>
    public void Wakeable(Action action)
    {
        lock (gate)
            wakeable = true;
        try
        {
            action();
        }
        finally
        {
            lock (gate)
                wakeable = false;
            // A call that found nothing to interrupt would end the next wait, which belongs to somebody else.
            try
            {
                Thread.Sleep(1);
            }
            catch (ThreadInterruptedException)
            {
                // The interrupt that was still on its way has been taken here.
            }
        }
    }

    /// <summary>Ends a sleep or a wait of the code that runs, with a <see cref="ThreadInterruptedException"/>.</summary>
    public void Wake()
    {
        lock (gate)
        {
            if (wakeable)
                thread.Interrupt();
        }
    }

    public void Dispose() => work.CompleteAdding();

    private void Work()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
        work.Dispose();
    }
}
