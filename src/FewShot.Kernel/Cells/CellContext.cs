namespace FewShot.Kernel.Cells;

/// <summary>
/// The cell that the running code belongs to. It flows with the execution context, so that a task or thread started by a cell
/// still prints to that cell.
/// </summary>
/// <param name="session">The cell's session.</param>
/// <param name="cell">The cell.</param>
/// <param name="output">Receives what the cell shows.</param>
/// <param name="cancellation">Whether the cell is to stop.</param>
/// <param name="ask">Answers a question, given a prompt and whether the answer is a secret; null where nobody is there to answer.</param>
internal sealed class CellContext(
    ICellSession session, Cell cell, Action<CellOutput> output, CancellationToken cancellation, Func<string, bool, string?>? ask)
{
    private static readonly AsyncLocal<CellContext?> Ambient = new(Move);

    // What unwinds a stopped cell runs its finally blocks and its Dispose methods. The functions that these call are left alone for so
    // long, on the thread that has been told to stop.
    private static readonly TimeSpan Unwinding = TimeSpan.FromMilliseconds(500);

    [ThreadStatic]
    private static long toldAt;

    // The same as the ambient value, which takes longer to find: once a cell has been stopped, loops ask for it at every turn.
    [ThreadStatic]
    private static CellContext? current;

    private readonly CancellationTokenSource waits = new();
    private readonly Stack<Func<ValueTask>> endings = [];
    private int threads;

    public static CellContext? Current => current;

    public ICellSession Session => session;

    /// <summary>The value by MIME type, as it is shown in this cell.</summary>
    public IReadOnlyDictionary<string, string> Render(object? value, IReadOnlyList<string> mimeTypes) =>
        session.Render(value, cell, mimeTypes);

    /// <summary>Whether somebody can be asked.</summary>
    public bool CanAsk => ask is not null;

    /// <summary>Asks the person who runs the cell; null at the end of input.</summary>
    public string? Ask(string prompt, bool isSecret) => ask is null ? null : With(null, () => ask(prompt, isSecret));

    /// <summary>Runs code as part of this cell.</summary>
    public T Run<T>(Func<T> function) => With(this, function);

    /// <summary>Whether the cell is to stop.</summary>
    public bool IsStopped => cancellation.IsCancellationRequested;

    /// <summary>Whether no thread runs code of this cell at this moment, be it a task's or a thread's that it started.</summary>
    public bool IsQuiet => Volatile.Read(ref threads) == 0;

    /// <summary>Cancelled when nothing of the cell waits any longer.</summary>
    public CancellationToken Waits => waits.Token;

    /// <summary>Told how the cell ended, when it has.</summary>
    public event Action<CellStatus>? Ended;

    /// <summary>Ends what the cell waits for.</summary>
    public void EndWaits() => waits.Cancel();

    /// <summary>Says how the cell ended.</summary>
    public void End(CellStatus status) => Ended?.Invoke(status);

    /// <summary>Has something done when the cell ends; what came last is done first.</summary>
    public void AtEnd(Func<ValueTask> ending)
    {
        lock (endings)
            endings.Push(ending);
    }

    /// <summary>Does what the cell wanted done at its end, once.</summary>
    /// <returns>The first exception of it; the rest is done all the same.</returns>
    public async Task<Exception?> RunEndings()
    {
        Exception? first = null;
        while (Next() is { } ending)
        {
            try
            {
                await ending();
            }
            catch (Exception e)
            {
                first ??= e;
            }
        }

        return first;

        Func<ValueTask>? Next()
        {
            lock (endings)
                return endings.TryPop(out var ending) ? ending : null;
        }
    }

    /// <summary>Ends the calling code where the cell is to stop.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop.</exception>
    public void ThrowIfStopped()
    {
        if (!IsStopped)
            return;
        toldAt = Environment.TickCount64;
        throw new CellStoppedException(cancellation);
    }

    /// <summary>Does the same, except where the calling thread has just been told and may be cleaning up.</summary>
    /// <inheritdoc cref="ThrowIfStopped"/>
    public void ThrowIfStoppedUnlessUnwinding()
    {
        if (IsStopped && Environment.TickCount64 - toldAt > Unwinding.TotalMilliseconds)
            ThrowIfStopped();
    }

    /// <summary>Waits for a task, and ends where the cell is to stop.</summary>
    public async Task Wait(Task task)
    {
        await task.WaitAsync(waits.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ThrowIfStopped();
        await task.ConfigureAwait(false);
    }

    /// <inheritdoc cref="Wait(Task)"/>
    public async Task<T> Wait<T>(Task<T> task)
    {
        await Wait((Task)task).ConfigureAwait(false);
        return await task.ConfigureAwait(false);
    }

    /// <summary>Runs what follows a task, when that has ended, on the thread of the running cell's session.</summary>
    public static void GoOnWith(Task task, Action continuation)
    {
        var cell = Current;
        task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(
            cell is null ? continuation : () => cell.Session.GoOn(cell, continuation));
    }

    /// <summary>Hands an output to the session's caller, whose own words on the console are not the cell's.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop: one that shows something in a loop
    /// ends here, in good order.</exception>
    public void Show(CellOutput shown)
    {
        ThrowIfStoppedUnlessUnwinding();
        Hand(shown);
    }

    /// <summary>Hands over an output that is the session's word on the cell, whether it is to stop or not.</summary>
    public void Hand(CellOutput shown) => With(null, () =>
    {
        output(shown);
        return true;
    });

    private static T With<T>(CellContext? context, Func<T> function)
    {
        var before = Ambient.Value;
        Ambient.Value = context;
        try
        {
            return function();
        }
        finally
        {
            Ambient.Value = before;
        }
    }

    /// <summary>The context comes to a thread and goes from it with the code of the cell: so threads are counted.</summary>
    private static void Move(AsyncLocalValueChangedArgs<CellContext?> change)
    {
        current = change.CurrentValue;
        if (change.PreviousValue is { } left)
            Interlocked.Decrement(ref left.threads);
        if (change.CurrentValue is not { } entered)
            return;
        Interlocked.Increment(ref entered.threads);
        if (entered.IsStopped)
            CellStop.Ask(entered);
    }
}
