using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FewShot.Kernel.Cells;

/// <summary>What the loops and functions of cells call (see StoppableCode, and for F# FSharpSource); people need not.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellStop
{
    private static readonly HashSet<CellContext> Stopped = [];

    // Every turn of every loop and every call reads this, so it is one field, and nothing else is looked at while no code of a stopped
    // cell runs. Such code may run in later cells too: what a stopped cell has left behind is to end when it wakes, however late.
    private static volatile bool asked;

    // The runtime is asked whether the stack has room where so much of it may be gone since it was asked last. It answers for 128 KB.
    private const nuint Step = 64 << 10;

    // How far down this thread's stack is known to have room: the complement of the lowest address, so that nothing is known at first.
    [ThreadStatic]
    private static nuint known;

    /// <summary>Ends the cell that the calling code belongs to, if it is to stop. For loops.</summary>
    /// <exception cref="OperationCanceledException">The user has asked for the cell to stop.</exception>
    public static void Check()
    {
        if (asked)
            CellContext.Current?.ThrowIfStopped();
    }

    /// <summary>Does the same as <see cref="Check"/>, in a form that can begin a condition.</summary>
    /// <returns>True.</returns>
    /// <inheritdoc cref="Check"/>
    public static bool Continues()
    {
        Check();
        return true;
    }

    /// <summary>
    /// Ends the cell that the calling code belongs to, if it is to stop and the calling code does not clean up after that already. For
    /// the entries of functions.
    /// </summary>
    /// <exception cref="OperationCanceledException">The user has asked for the cell to stop.</exception>
    /// <exception cref="InsufficientExecutionStackException">So many calls are open that the next may end the process.</exception>
    public static void Enter()
    {
        if (asked)
            CellContext.Current?.ThrowIfStoppedUnlessUnwinding();
        var place = default(byte);
        var here = ~(nuint)Unsafe.ByteOffset(ref Unsafe.NullRef<byte>(), ref place);
        if (here > known)
            EnsureStack(here);
    }

    /// <summary>To be called when a cell is to stop, and when code of one that was stopped comes to a thread.</summary>
    internal static void Ask(CellContext cell)
    {
        lock (Stopped)
        {
            Stopped.Add(cell);
            asked = true;
        }
    }

    /// <summary>To be called when a cell begins: it need not ask for those before it that have ended altogether.</summary>
    internal static void Begin()
    {
        lock (Stopped)
        {
            Stopped.RemoveWhere(cell => cell.IsQuiet);
            asked = Stopped.Count > 0;
        }
    }

    private static void EnsureStack(nuint here)
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
        {
            throw new InsufficientExecutionStackException(
                "The calls are nested too deeply: a function calls itself, directly or through others, and the stack has no room for "
                + "one more call. Look for the case in which it has to stop calling itself.");
        }

        known = here + Step;
    }
}
