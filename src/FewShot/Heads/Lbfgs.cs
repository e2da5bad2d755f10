using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Minimises a smooth function of one tensor by limited-memory BFGS (Nocedal and Wright, "Numerical Optimization", 2nd edition,
/// algorithms 7.4 and 7.5) with a bisection line search for the weak Wolfe conditions (Lewis and Overton 2013, algorithm 2.6).
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;
    private const int LongestSearch = 60;
    private const double SufficientDecrease = 1e-4;
    private const double Curvature = 0.9;

    /// <summary>Value and gradient at a point; the gradient is the caller's to dispose.</summary>
    public delegate (double Value, torch.Tensor Gradient) Objective(torch.Tensor point);

    /// <summary>The point at which the minimisation ended.</summary>
    /// <param name="Point">The minimiser; the caller's.</param>
    /// <param name="Value">The function there.</param>
    /// <param name="GradientNorm">Largest absolute component of the gradient there.</param>
    /// <param name="Iterations">Steps taken.</param>
    public sealed record Minimum(torch.Tensor Point, double Value, double GradientNorm, int Iterations);

    /// <summary>Runs until no component of the gradient is larger than the tolerance.</summary>
    /// <exception cref="FewShotException">The gradient did not become small enough within the iterations, or the function has a value that is not a number.</exception>
    public static Minimum Minimise(Objective objective, torch.Tensor start, double tolerance, int maximumIterations)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var history = new LinkedList<(torch.Tensor Step, torch.Tensor Change, double Rho)>();
        var point = start.clone();
        var (value, gradient) = objective(point);
        for (var iteration = 0; ; iteration++)
        {
            var norm = gradient.abs().max().item<double>();
            if (!double.IsFinite(value) || !double.IsFinite(norm))
                throw new FewShotException($"The minimisation met a value that is not a number after {iteration} steps: scale the features.");
            if (norm <= tolerance)
                return new Minimum(point.MoveToOuterDisposeScope(), value, norm, iteration);
            if (iteration == maximumIterations)
                throw new FewShotException($"The minimisation did not converge in {maximumIterations} steps: the gradient is still {norm:g3}, above {tolerance:g3}. Allow more steps, or regularise more.");

            using var direction = Direction(gradient, history);
            // Without a history the length of the first step is unknown: one of length about 1 is tried.
            var first = history.Count == 0 ? Math.Min(1, 1 / gradient.norm().item<double>()) : 1;
            var (newPoint, newValue, newGradient) = Search(objective, point, value, gradient, direction, first);
            var (step, change) = (newPoint - point, newGradient - gradient);
            var curvature = Dot(step, change);
            if (curvature > 0)
            {
                history.AddLast((step, change, 1 / curvature));
                if (history.Count > Memory)
                    Forget(history);
            }

            point.Dispose();
            gradient.Dispose();
            (point, value, gradient) = (newPoint, newValue, newGradient);
        }
    }

    /// <summary>Minus the inverse Hessian's estimate times the gradient, by the two-loop recursion.</summary>
    private static torch.Tensor Direction(torch.Tensor gradient, LinkedList<(torch.Tensor Step, torch.Tensor Change, double Rho)> history)
    {
        var direction = -gradient;
        var factors = new Stack<double>();
        for (var node = history.Last; node is not null; node = node.Previous)
        {
            var factor = node.Value.Rho * Dot(node.Value.Step, direction);
            factors.Push(factor);
            _ = direction.add_(node.Value.Change, -factor);
        }

        if (history.Last is { } newest)
            _ = direction.mul_(1 / (newest.Value.Rho * Dot(newest.Value.Change, newest.Value.Change)));
        for (var node = history.First; node is not null; node = node.Next)
            _ = direction.add_(node.Value.Step, factors.Pop() - (node.Value.Rho * Dot(node.Value.Change, direction)));
        return direction;
    }

    private static (torch.Tensor Point, double Value, torch.Tensor Gradient) Search(
        Objective objective, torch.Tensor point, double value, torch.Tensor gradient, torch.Tensor direction, double length)
    {
        var slope = Dot(gradient, direction);
        double shortest = 0, longest = double.PositiveInfinity;
        for (var attempt = 0; ; attempt++)
        {
            var candidate = point.add(direction, length);
            var (newValue, newGradient) = objective(candidate);
            var falls = newValue <= value + (SufficientDecrease * length * slope);
            // In the last digits of a converged value only the slope can still be trusted.
            var flat = Math.Abs(newValue - value) <= 1e-14 * Math.Abs(value);
            if (attempt == LongestSearch || ((falls || flat) && Dot(newGradient, direction) >= Curvature * slope))
                return (candidate, newValue, newGradient);
            if (falls || flat)
                shortest = length;
            else
                longest = length;
            length = double.IsInfinity(longest) ? 2 * length : (shortest + longest) / 2;
            candidate.Dispose();
            newGradient.Dispose();
        }
    }

    private static void Forget(LinkedList<(torch.Tensor Step, torch.Tensor Change, double Rho)> history)
    {
        var oldest = history.First!.Value;
        oldest.Step.Dispose();
        oldest.Change.Dispose();
        history.RemoveFirst();
    }

    private static double Dot(torch.Tensor left, torch.Tensor right)
    {
        using var scope = torch.NewDisposeScope();
        return left.flatten().dot(right.flatten()).item<double>();
    }
}
