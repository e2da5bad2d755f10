using System.Diagnostics;
using System.Runtime.ExceptionServices;
using FewShot.Kernel.Cells;

namespace FewShot.Kernel.Sessions;

/// <summary>
/// What is done when a cell is to stop. Its loops and functions ask whether to go on (see <see cref="StoppableCode"/>), and so does what
/// shows something; waits and sleeps are ended here. Nothing stops other code, a long call of a library for instance: to cut a thread off
/// wherever it is (ControlledExecution) hangs or ends the whole process now and then (.NET 10 on Linux), and with it all that the session
/// holds. What goes on is told.
/// </summary>
internal sealed class CellStopping : IDisposable
{
    private const string Stubborn =
        "This cell is inside a call that cannot be stopped, and ends when that does. To end it now, restart the kernel.\n";

    // After this time a sleep is ended. A loop, and code that shows something, have stopped by themselves before that.
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private static readonly Lazy<bool> Installed = new(() =>
    {
        ExceptionHandling.SetUnhandledExceptionHandler(exception => exception is CellStoppedException);
        return true;
    });

    private readonly CellContext cell;
    private readonly SessionThread thread;
    private readonly CancellationTokenSource abandoned = new();
    private readonly CancellationTokenRegistration registration;
    private readonly Stopwatch sinceAsked = new();
    private volatile bool ended;

    /// <param name="cell">The cell, which begins now.</param>
    /// <param name="thread">Where it runs.</param>
    /// <param name="cancellation">Asks it to stop.</param>
    public CellStopping(CellContext cell, SessionThread thread, CancellationToken cancellation)
    {
        (this.cell, this.thread) = (cell, thread);
        CellStop.Begin();
        registration = cancellation.Register(() =>
        {
            sinceAsked.Start();
            CellStop.Ask(cell);
            _ = Task.Run(Stop, CancellationToken.None);
        });
    }

    /// <summary>Cancelled when the cell has been stopped and what it still waits for, in a way that cannot be ended, is left.</summary>
    public CancellationToken Abandoned => abandoned.Token;

    /// <summary>Keeps the process where a thread that a cell has started is stopped: nobody there catches what ends it.</summary>
    public static void Install() => _ = Installed.Value;

    /// <summary>Waits a while for what a stopped cell has started.</summary>
    /// <returns>Whether nothing of the cell runs any more.</returns>
    public async Task<bool> Quiet()
    {
        await Pass(Patience, () => cell.IsQuiet);
        return cell.IsQuiet;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        registration.Dispose();
    }

    private async Task Stop()
    {
        // As long as a task of the cell works, what waits for it is not let go: it may free what that task uses.
        await Pass(Grace, () => cell.IsQuiet);
        thread.Wake(cell);
        await Pass(Patience, () => cell.IsQuiet);
        cell.EndWaits();
        await Pass(sinceAsked.Elapsed + Grace);
        thread.Wake(cell);
        await Pass(sinceAsked.Elapsed + Grace);
        abandoned.Cancel();
        await Pass(Patience + Grace);
        if (!ended)
            cell.Hand(new StreamOutput(IsError: true, Stubborn));
    }

    /// <summary>Lets time pass until so much of it is gone, or the cell has ended, or something is so.</summary>
    private async Task Pass(TimeSpan until, Func<bool>? orWhen = null)
    {
        while (!ended && sinceAsked.Elapsed < until && orWhen?.Invoke() != true)
            await Task.Delay(Pause, CancellationToken.None);
    }
}
