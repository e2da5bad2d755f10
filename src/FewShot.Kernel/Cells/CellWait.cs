using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace FewShot.Kernel.Cells;

/// <summary>
/// What cells await instead of the task they name (see StoppableCode), so that a wait ends with the cell; people need not. What is no
/// task is awaited as it is.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class CellWait
{
    /// <summary>The task, or less of it: the wait ends where the cell is to stop.</summary>
    public static Task For(Task task) => CellContext.Current is { } cell && !task.IsCompleted ? cell.Wait(task) : task;

    /// <inheritdoc cref="For(Task)"/>
    public static Task<T> For<T>(Task<T> task) => CellContext.Current is { } cell && !task.IsCompleted ? cell.Wait(task) : task;

    /// <inheritdoc cref="For(Task)"/>
    public static Task For(ValueTask task) => For(task.AsTask());

    /// <inheritdoc cref="For(Task)"/>
    public static Task<T> For<T>(ValueTask<T> task) => For(task.AsTask());

    /// <summary>The same: this is no task.</summary>
    public static T For<T>(T awaitable) => awaitable;

    /// <summary>The same as <see cref="For(Task)"/>, and what follows runs on the session's thread. For the cell's own level.</summary>
    public static CellTask Here(Task task) => new(For(task));

    /// <inheritdoc cref="Here(Task)"/>
    public static CellTask<T> Here<T>(Task<T> task) => new(For(task));

    /// <inheritdoc cref="Here(Task)"/>
    public static CellTask Here(ValueTask task) => new(For(task));

    /// <inheritdoc cref="Here(Task)"/>
    public static CellTask<T> Here<T>(ValueTask<T> task) => new(For(task));

    /// <inheritdoc cref="Here(Task)"/>
    public static CellTask Here(YieldAwaitable yielded)
    {
        return new(Yield());

        async Task Yield() => await yielded;
    }

    /// <inheritdoc cref="For{T}(T)"/>
    public static T Here<T>(T awaitable) => awaitable;
}

/// <summary>A task whose awaiter goes on on the session's thread.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CellTask : ICriticalNotifyCompletion
{
    private readonly Task task;

    internal CellTask(Task task) => this.task = task;

    /// <summary>Whether there is nothing to wait for.</summary>
    public bool IsCompleted => task.IsCompleted;

    /// <summary>This.</summary>
    public CellTask GetAwaiter() => this;

    /// <summary>Ends with the task's exception, if it has one.</summary>
    public void GetResult()
    {
        CellStop.Check();
        task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => CellContext.GoOnWith(task, continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => CellContext.GoOnWith(task, continuation);
}

/// <inheritdoc cref="CellTask"/>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly struct CellTask<T> : ICriticalNotifyCompletion
{
    private readonly Task<T> task;

    internal CellTask(Task<T> task) => this.task = task;

    /// <inheritdoc cref="CellTask.IsCompleted"/>
    public bool IsCompleted => task.IsCompleted;

    /// <inheritdoc cref="CellTask.GetAwaiter"/>
    public CellTask<T> GetAwaiter() => this;

    /// <summary>The task's value.</summary>
    public T GetResult()
    {
        CellStop.Check();
        return task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => CellContext.GoOnWith(task, continuation);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => CellContext.GoOnWith(task, continuation);
}
