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

    public void Dispose() => work.CompleteAdding();

    private void Work()
    {
        foreach (var action in work.GetConsumingEnumerable())
            action();
        work.Dispose();
    }
}
