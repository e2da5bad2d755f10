using FewShot.Episodes;
using FewShot.Models;
using TorchSharp;

namespace FewShot.Meta;

/// <summary>Some tasks of a meta-batch that are computed together: the only place that knows whether they are batched or a single plain one.</summary>
/// <param name="Model">The network.</param>
/// <param name="Tasks">The tasks of this chunk; one alone for the loop.</param>
/// <param name="Index">Number of this chunk in the meta-batch.</param>
/// <param name="First">Position of the first one in the meta-batch.</param>
/// <param name="Plain">Whether the one task goes through PyTorch's plain operations, without a dimension of tasks.</param>
internal sealed record TaskChunk(IFunctionalModel Model, TaskBatch Tasks, int Index, int First, bool Plain)
{
    /// <summary>Initial weights as each task's own.</summary>
    public IReadOnlyList<torch.Tensor> Start(IReadOnlyList<torch.Tensor> initial) => Plain
        ? [.. initial.Select(weight => weight.contiguous())]
        : [.. initial.Select(weight => weight.unsqueeze(0).expand([Tasks.Count, .. weight.shape]))];

    /// <summary>A learned tensor as it enters an update of weights that carry a dimension of tasks.</summary>
    public torch.Tensor Shared(torch.Tensor learned) => Plain ? learned : learned.unsqueeze(0);

    /// <summary>Loss of support examples: the sum over tasks of each one's mean, so that every task's gradient is its own.</summary>
    public torch.Tensor SupportLoss(IReadOnlyList<torch.Tensor> weights, torch.Tensor? inputs = null, torch.Tensor? targets = null) =>
        Loss(Output(weights, inputs ?? Tasks.SupportInputs, 0), targets ?? Tasks.SupportTargets);

    /// <summary>Loss of the query examples: the sum over tasks of each one's mean.</summary>
    public torch.Tensor QueryLoss(IReadOnlyList<torch.Tensor> weights, BatchNormMode mode) => Loss(Query(weights, mode), Tasks.QueryTargets);

    /// <summary>Outputs for the query examples, T x Q x outputs.</summary>
    public torch.Tensor Query(IReadOnlyList<torch.Tensor> weights, BatchNormMode mode)
    {
        if (!Model.UsesBatchNorm || mode == BatchNormMode.Transductive)
            return Output(weights, Tasks.QueryInputs, 0);
        var support = Tasks.SupportCount;
        var both = torch.cat([Tasks.SupportInputs, Tasks.QueryInputs], 1);
        return Output(weights, both, support).narrow(1, support, Tasks.QueryCount);
    }

    /// <summary>Sum over tasks of the mean over examples, from outputs T x N x outputs.</summary>
    public static torch.Tensor Loss(torch.Tensor output, torch.Tensor targets) => targets.dtype == torch.ScalarType.Int64
        ? torch.nn.functional.cross_entropy(output.flatten(0, 1), targets.flatten(), reduction: torch.nn.Reduction.Sum) / targets.shape[1]
        : torch.nn.functional.mse_loss(output, targets, torch.nn.Reduction.Sum) / (targets.shape[1] * targets.shape[2]);

    private torch.Tensor Output(IReadOnlyList<torch.Tensor> weights, torch.Tensor inputs, long statistics) => Plain
        ? Model.ForwardTask(weights, inputs.squeeze(0), statistics).unsqueeze(0)
        : Model.Forward(weights, inputs, statistics);
}
