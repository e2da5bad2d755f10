using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Trains a layer of unit vectors, one for each class, whose scores are scaled cosines, for many problems at once: "A Closer Look at
/// Few-shot Classification" (Chen et al. 2019, section 3.2).
/// </summary>
internal static class CosineDescent
{
    /// <summary>Descends from the class means; every step sees all examples, so that their order says nothing.</summary>
    /// <param name="examples">Vectors of length 1, E x N x R.</param>
    /// <param name="targets">The labels as 0 and 1, E x N x way.</param>
    /// <param name="options">Scale and steps.</param>
    /// <returns>E x way x R, each vector of length 1.</returns>
    public static torch.Tensor Train(torch.Tensor examples, torch.Tensor targets, CosineOptions options)
    {
        using var scope = torch.NewDisposeScope();
        var weights = Units(targets.transpose(1, 2).bmm(examples)).MoveToOuterDisposeScope();
        var velocity = torch.zeros_like(weights).MoveToOuterDisposeScope();
        for (var step = 0; step < options.Steps; step++)
        {
            using var inner = torch.NewDisposeScope();
            var gradient = Gradient(weights, examples, targets, options.Scale);
            _ = velocity.mul_(options.Momentum).add_(gradient, 1 - options.Momentum);
            _ = weights.add_(velocity, -options.LearningRate);
        }

        velocity.Dispose();
        var units = Units(weights);
        weights.Dispose();
        return units.MoveToOuterDisposeScope();
    }

    /// <summary>The gradient of the mean cross-entropy of scaled cosines, of the weights' shape.</summary>
    public static torch.Tensor Gradient(torch.Tensor weights, torch.Tensor examples, torch.Tensor targets, double scale)
    {
        using var scope = torch.NewDisposeScope();
        var units = Units(weights);
        var errors = (examples.bmm(units.transpose(1, 2)) * scale).softmax(2) - targets;
        var pull = errors.transpose(1, 2).bmm(examples).mul_(scale / examples.shape[1]);
        // What would change only the length of a vector changes no score.
        var across = pull - (units * (units * pull).sum(2, keepdim: true));
        return (across / weights.norm(2, keepdim: true, p: 2)).MoveToOuterDisposeScope();
    }

    private static torch.Tensor Units(torch.Tensor weights) => torch.nn.functional.normalize(weights, dim: 2);
}
