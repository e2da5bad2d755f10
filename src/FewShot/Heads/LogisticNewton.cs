using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Minimises the losses of many logistic regressions at once by Newton's method, whose steps are found by conjugate gradients (Nocedal and
/// Wright, "Numerical Optimization", 2nd edition, algorithm 7.1). A problem that has arrived stays where it is, so that none depends on
/// its neighbours.
/// </summary>
internal sealed class LogisticNewton
{
    private const double Sufficient = 1e-4;
    private const int Halvings = 40;
    private const int ConjugateSteps = 500;

    private readonly torch.Tensor inputs;
    private readonly torch.Tensor targets;
    private readonly torch.Tensor penalised;
    private readonly double strength;

    /// <param name="coordinates">float64, E x S x R.</param>
    /// <param name="targets">The labels as 0 and 1, float64, E x S x way.</param>
    /// <param name="strength">Of the penalty: the loss is mean cross-entropy + strength / 2 x squared weights; the bias is free.</param>
    public LogisticNewton(torch.Tensor coordinates, torch.Tensor targets, double strength)
    {
        var ones = torch.ones([.. coordinates.shape[..2], 1], coordinates.dtype, coordinates.device);
        inputs = torch.cat([coordinates, ones], 2);
        penalised = torch.ones([inputs.shape[2]], coordinates.dtype, coordinates.device);
        _ = penalised[-1].fill_(0);
        this.targets = targets;
        this.strength = strength;
    }

    /// <summary>Where the minimisation ended.</summary>
    /// <param name="Point">E x way x (R + 1): the weights, and the bias as last column.</param>
    /// <param name="GradientNorm">Euclidean length of the gradient there, E.</param>
    public sealed record Minimum(torch.Tensor Point, torch.Tensor GradientNorm);

    /// <summary>Goes on until every gradient is at most this long, or the steps run out.</summary>
    public Minimum Minimise(double tolerance, int maximumSteps)
    {
        var point = torch.zeros([inputs.shape[0], targets.shape[2], inputs.shape[2]], inputs.dtype, inputs.device);
        var scores = torch.zeros_like(targets);
        for (var step = 0; ; step++)
        {
            using var scope = torch.NewDisposeScope();
            var probabilities = scores.softmax(2);
            var gradient = Gradient(point, probabilities);
            var length = Length(gradient);
            var active = length > tolerance;
            if (step == maximumSteps || !active.any().item<bool>())
                return new Minimum(point, length.flatten().MoveToOuterDisposeScope());
            var direction = Direction(gradient, probabilities, active);
            var change = inputs.bmm(direction.transpose(1, 2));
            var size = StepSize(point, scores, gradient, direction, change);
            var (nextPoint, nextScores) = (point + (size * direction), scores + (size * change));
            point.Dispose();
            scores.Dispose();
            (point, scores) = (nextPoint.MoveToOuterDisposeScope(), nextScores.MoveToOuterDisposeScope());
        }
    }

    /// <summary>The loss of each problem, E x 1 x 1.</summary>
    public torch.Tensor Loss(torch.Tensor point, torch.Tensor scores)
    {
        var errors = -(scores.log_softmax(2) * targets).sum([1, 2], keepdim: true) / inputs.shape[1];
        return errors + ((point * penalised).square().sum([1, 2], keepdim: true) * (strength / 2));
    }

    /// <summary>The gradient of each loss, of the point's shape.</summary>
    public torch.Tensor Gradient(torch.Tensor point, torch.Tensor probabilities) =>
        (probabilities - targets).transpose(1, 2).bmm(inputs).div_(inputs.shape[1]).add_(point * penalised, strength);

    private static torch.Tensor Product(torch.Tensor a, torch.Tensor b) => (a * b).sum([1, 2], keepdim: true);

    private static torch.Tensor Length(torch.Tensor tensor) => Product(tensor, tensor).sqrt();

    /// <summary>Solves Hessian x direction = -gradient well enough that the steps become quadratically better towards the end.</summary>
    private torch.Tensor Direction(torch.Tensor gradient, torch.Tensor probabilities, torch.Tensor active)
    {
        var direction = torch.zeros_like(gradient);
        var residual = -gradient;
        var conjugate = residual;
        var norm = Product(residual, residual);
        var enough = norm * norm.sqrt().clamp_max(0.01);
        for (var step = 0; step < ConjugateSteps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var open = active.logical_and(norm > enough);
            if (!open.any().item<bool>())
                break;
            var curved = Curvature(conjugate, probabilities);
            var bend = Product(conjugate, curved);
            // Without curvature, which only the common shift of all biases has none of, there is nothing to gain.
            open = open.logical_and(bend > 0);
            var size = (norm / bend).where(open, torch.zeros_like(norm));
            _ = direction.add_(size * conjugate);
            var nextResidual = residual - (size * curved);
            var nextNorm = Product(nextResidual, nextResidual);
            var nextConjugate = nextResidual + (nextNorm / norm * conjugate);
            residual = nextResidual.MoveToOuterDisposeScope();
            conjugate = nextConjugate.where(open, conjugate).MoveToOuterDisposeScope();
            norm = nextNorm.where(open, torch.minimum(norm, enough)).MoveToOuterDisposeScope();
        }

        return direction;
    }

    private torch.Tensor Curvature(torch.Tensor direction, torch.Tensor probabilities)
    {
        var weighted = probabilities * inputs.bmm(direction.transpose(1, 2));
        var curved = weighted - (probabilities * weighted.sum(2, keepdim: true));
        return curved.transpose(1, 2).bmm(inputs).div_(inputs.shape[1]).add_(direction * penalised, strength);
    }

    /// <summary>1, halved in each problem until its loss falls as a tangent promises; 0 where it does not fall any more.</summary>
    private torch.Tensor StepSize(
        torch.Tensor point, torch.Tensor scores, torch.Tensor gradient, torch.Tensor direction, torch.Tensor change)
    {
        var start = Loss(point, scores);
        var slope = Product(gradient, direction);
        // Near the minimum the loss changes by less than its last digit.
        var slack = start.abs() * 1e-15;
        var size = torch.ones_like(start);
        for (var halving = 0; halving < Halvings; halving++)
        {
            using var scope = torch.NewDisposeScope();
            var loss = Loss(point + (size * direction), scores + (size * change));
            var tooLong = loss > start + (size * slope * Sufficient) + slack;
            if (!tooLong.any().item<bool>())
                break;
            size = (size / 2).where(tooLong, size).MoveToOuterDisposeScope();
        }

        return size;
    }
}
