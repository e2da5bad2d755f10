using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Episodes;

/// <summary>
/// T tasks of equal size, stacked: what a meta-learner adapts to (support) and is judged on (query). Owns its tensors.
/// </summary>
/// <remarks>
/// Classification has int64 targets, T x S and T x Q, from 0 to ways - 1; regression has floating-point targets, T x S x outputs and
/// T x Q x outputs. The type of the targets decides the loss: cross-entropy or mean squared error.
/// </remarks>
public sealed class TaskBatch : IDisposable
{
    /// <summary>Takes over four tensors of one device, whose first dimension is the task.</summary>
    /// <param name="supportInputs">Floating point, T x S x ... (numbers, or channels x height x width).</param>
    /// <param name="supportTargets">T x S of int64, or T x S x outputs of the inputs' type.</param>
    /// <param name="queryInputs">T x Q x ..., otherwise as <paramref name="supportInputs"/>.</param>
    /// <param name="queryTargets">T x Q of int64, or T x Q x outputs of the inputs' type.</param>
    /// <exception cref="FewShotException">Shapes or types do not fit together; the tensors stay the caller's then.</exception>
    public TaskBatch(torch.Tensor supportInputs, torch.Tensor supportTargets, torch.Tensor queryInputs, torch.Tensor queryTargets)
    {
        ArgumentNullException.ThrowIfNull(supportInputs);
        ArgumentNullException.ThrowIfNull(supportTargets);
        ArgumentNullException.ThrowIfNull(queryInputs);
        ArgumentNullException.ThrowIfNull(queryTargets);
        Check("support", supportInputs, supportTargets, supportInputs);
        Check("query", queryInputs, queryTargets, supportInputs);
        if (queryTargets.dtype != supportTargets.dtype || !queryTargets.shape.Skip(2).SequenceEqual(supportTargets.shape.Skip(2)))
            throw new FewShotException($"Support and query targets differ: {Text(supportTargets)} and {Text(queryTargets)}.");
        SupportInputs = supportInputs.DetachFromDisposeScope();
        SupportTargets = supportTargets.DetachFromDisposeScope();
        QueryInputs = queryInputs.DetachFromDisposeScope();
        QueryTargets = queryTargets.DetachFromDisposeScope();
    }

    /// <summary>T x S x ...</summary>
    public torch.Tensor SupportInputs { get; }

    /// <summary>T x S (int64), or T x S x outputs.</summary>
    public torch.Tensor SupportTargets { get; }

    /// <summary>T x Q x ...</summary>
    public torch.Tensor QueryInputs { get; }

    /// <summary>T x Q (int64), or T x Q x outputs.</summary>
    public torch.Tensor QueryTargets { get; }

    /// <summary>Number of tasks T.</summary>
    public int Count => (int)SupportInputs.shape[0];

    /// <summary>Support examples S of each task.</summary>
    public int SupportCount => (int)SupportInputs.shape[1];

    /// <summary>Query examples Q of each task.</summary>
    public int QueryCount => (int)QueryInputs.shape[1];

    /// <summary>Whether the targets are classes.</summary>
    public bool IsClassification => SupportTargets.dtype == torch.ScalarType.Int64;

    /// <summary>Some of the tasks, as views of these tensors: use it no longer than this batch.</summary>
    /// <param name="first">The first of them.</param>
    /// <param name="count">How many.</param>
    public TaskBatch Slice(int first, int count) => new(
        SupportInputs.narrow(0, first, count),
        SupportTargets.narrow(0, first, count),
        QueryInputs.narrow(0, first, count),
        QueryTargets.narrow(0, first, count));

    /// <summary>A copy on another device.</summary>
    public TaskBatch To(torch.Device device) => new(
        SupportInputs.to(device, copy: true),
        SupportTargets.to(device, copy: true),
        QueryInputs.to(device, copy: true),
        QueryTargets.to(device, copy: true));

    /// <summary>The tasks of several batches of equal shapes, as a copy.</summary>
    public static TaskBatch Concatenate(IReadOnlyList<TaskBatch> batches)
    {
        ArgumentNullException.ThrowIfNull(batches);
        return new TaskBatch(
            torch.cat([.. batches.Select(batch => batch.SupportInputs)]), torch.cat([.. batches.Select(batch => batch.SupportTargets)]),
            torch.cat([.. batches.Select(batch => batch.QueryInputs)]), torch.cat([.. batches.Select(batch => batch.QueryTargets)]));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        SupportInputs.Dispose();
        SupportTargets.Dispose();
        QueryInputs.Dispose();
        QueryTargets.Dispose();
    }

    private static void Check(string name, torch.Tensor inputs, torch.Tensor targets, torch.Tensor like)
    {
        if (inputs.dim() < 3
            || inputs.shape[0] < 1
            || inputs.shape[1] < 1
            || inputs.dtype is not (torch.ScalarType.Float32 or torch.ScalarType.Float64))
        {
            throw new FewShotException(
                $"The {name} inputs must be floating point, tasks x examples x values, with at least one task and one example; "
                + $"found {Text(inputs)}.");
        }

        if (inputs.dtype != like.dtype || inputs.shape[0] != like.shape[0] || !inputs.shape.Skip(2).SequenceEqual(like.shape.Skip(2)))
        {
            throw new FewShotException(
                $"Support and query inputs must agree in type, tasks and size of an example; found {Text(like)} and {Text(inputs)}.");
        }

        var fits = targets.dtype == torch.ScalarType.Int64 ? targets.dim() == 2 : targets.dim() == 3 && targets.dtype == inputs.dtype;
        if (!fits || targets.shape[0] != inputs.shape[0] || targets.shape[1] != inputs.shape[1])
        {
            throw new FewShotException(
                $"The {name} targets must be int64, tasks x examples, or {inputs.dtype}, tasks x examples x outputs, "
                + $"for inputs {Text(inputs)}; found {Text(targets)}.");
        }
    }

    private static string Text(torch.Tensor tensor) => $"{tensor.dtype} [{string.Join(", ", tensor.shape)}]";
}
