using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Mean cross-entropy of a linear classifier, its penalty and its gradient, in closed form. A point is classes x (D + 1) float64: the
/// weights, and the bias as last column.
/// </summary>
internal sealed class LogisticProblem
{
    private readonly torch.Tensor inputs;
    private readonly torch.Tensor targets;
    private readonly torch.Tensor penalised;

    /// <param name="features">float64, N x D.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes.</param>
    public LogisticProblem(torch.Tensor features, torch.Tensor labels, int classes)
    {
        inputs = torch.cat([features, torch.ones([features.shape[0], 1], torch.float64)], 1);
        targets = torch.nn.functional.one_hot(labels, classes).to(torch.float64);
        penalised = torch.ones([1, inputs.shape[1]], torch.float64);
        _ = penalised[0, -1].fill_(0);
    }

    /// <summary>The point where all classes are equally likely.</summary>
    public torch.Tensor Zero => torch.zeros([targets.shape[1], inputs.shape[1]], torch.float64);

    /// <summary>The minimum of mean cross-entropy + strength / 2 x squared weights.</summary>
    public Lbfgs.Minimum Solve(torch.Tensor start, double strength, LogisticRegressionOptions options) =>
        Lbfgs.Minimise(point => Evaluate(point, strength), start, options.Tolerance, options.MaximumIterations);

    /// <summary>The penalised loss and its gradient.</summary>
    public (double Value, torch.Tensor Gradient) Evaluate(torch.Tensor point, double strength)
    {
        using var scope = torch.NewDisposeScope();
        var logProbabilities = inputs.mm(point.t()).log_softmax(1);
        var weights = point * penalised;
        var value = (-(logProbabilities * targets).sum() / inputs.shape[0]) + (weights.square().sum() * (strength / 2));
        var residual = (logProbabilities.exp() - targets).div_(inputs.shape[0]);
        var gradient = residual.t().mm(inputs).add_(weights, strength);
        return (value.item<double>(), gradient.MoveToOuterDisposeScope());
    }

    /// <summary>Mean cross-entropy and accuracy at a point.</summary>
    public (double Loss, double Accuracy) Measure(torch.Tensor point)
    {
        using var scope = torch.NewDisposeScope();
        var logProbabilities = inputs.mm(point.t()).log_softmax(1);
        var loss = -(logProbabilities * targets).sum().item<double>() / inputs.shape[0];
        var hits = logProbabilities.argmax(1).eq(targets.argmax(1)).to(torch.float64).mean().item<double>();
        return (loss, hits);
    }

    /// <summary>A point's weights, classes x D, and bias, classes.</summary>
    public (torch.Tensor Weight, torch.Tensor Bias) Split(torch.Tensor point) =>
        (point.narrow(1, 0, point.shape[1] - 1), point.select(1, point.shape[1] - 1));
}
