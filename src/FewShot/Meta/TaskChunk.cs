using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>Some tasks of a meta-batch that are computed together.</summary>
/// <param name="Model">The network.</param>
/// <param name="Tasks">The tasks of this chunk.</param>
/// <param name="Index">Number of this chunk in the meta-batch.</param>
/// <param name="First">Position of the first one in the meta-batch.</param>
internal sealed record TaskChunk(IFunctionalModel Model, TaskBatch Tasks, int Index, int First)
{
    /// <summary>Initial weights as each task's own.</summary>
    public IReadOnlyList<torch.Tensor> Start(IReadOnlyList<torch.Tensor> initial) =>
        [.. initial.Select(weight => weight.unsqueeze(0).expand([Tasks.Count, .. weight.shape]))];

    /// <summary>Loss of support examples: the sum over tasks of each one's mean, so that every task's gradient is its own.</summary>
    public torch.Tensor SupportLoss(IReadOnlyList<torch.Tensor> weights, torch.Tensor? inputs = null, torch.Tensor? targets = null) =>
        Loss(Model.Forward(weights, inputs ?? Tasks.SupportInputs), targets ?? Tasks.SupportTargets);

    /// <summary>Loss of the query examples: the sum over tasks of each one's mean.</summary>
    public torch.Tensor QueryLoss(IReadOnlyList<torch.Tensor> weights, BatchNormMode mode) =>
        Loss(Query(weights, mode), Tasks.QueryTargets);

    /// <summary>Outputs for the query examples, T x Q x outputs.</summary>
    public torch.Tensor Query(IReadOnlyList<torch.Tensor> weights, BatchNormMode mode)
    {
        if (!Model.UsesBatchNorm || mode == BatchNormMode.Transductive)
            return Model.Forward(weights, Tasks.QueryInputs);
        var support = Tasks.SupportCount;
        var both = torch.cat([Tasks.SupportInputs, Tasks.QueryInputs], 1);
        return Model.Forward(weights, both, support).narrow(1, support, Tasks.QueryCount);
    }

    /// <summary>Sum over tasks of the mean over examples, from outputs T x N x outputs.</summary>
    public static torch.Tensor Loss(torch.Tensor output, torch.Tensor targets) => targets.dtype == torch.ScalarType.Int64
        ? torch.nn.functional.cross_entropy(output.flatten(0, 1), targets.flatten(), reduction: torch.nn.Reduction.Sum) / targets.shape[1]
        : torch.nn.functional.mse_loss(output, targets, torch.nn.Reduction.Sum) / (targets.shape[1] * targets.shape[2]);
}
