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
    private static readonly AsyncLocal<CellContext?> Ambient = new();

    private readonly Stack<Func<ValueTask>> endings = [];

    public static CellContext? Current => Ambient.Value;

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

    /// <summary>Has something done when the cell ends; what came last is done first.</summary>
    public void AtEnd(Func<ValueTask> ending)
    {
        lock (endings)
            endings.Push(ending);
    }

    /// <summary>Does what the cell wanted done at its end, once.</summary>
    /// <returns>The first exception of it; the rest is done all the same.</returns>
    public async Task<Exception?> End()
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
    public void ThrowIfStopped() => cancellation.ThrowIfCancellationRequested();

    /// <summary>Hands an output to the session's caller, whose own words on the console are not the cell's.</summary>
    /// <exception cref="OperationCanceledException">The cell is to stop: one that shows something in a loop
    /// ends here, in good order.</exception>
    public void Show(CellOutput shown)
    {
        ThrowIfStopped();
        Hand(shown);
    }

    /// <summary>Says something about a cell that is to stop and does not.</summary>
    public void Tell(string text) => Hand(new StreamOutput(IsError: true, text));

    private void Hand(CellOutput shown) => With(null, () =>
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
}
