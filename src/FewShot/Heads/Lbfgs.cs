using FewShot.Runtime;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.Optimization;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>
/// Minimises a smooth function of one tensor by MathNet's limited-memory BFGS (Nocedal and Wright, "Numerical
/// Optimization", 2nd edition, algorithm 7.5).
/// </summary>
internal static class Lbfgs
{
    private const int Memory = 10;

    /// <summary>Value and gradient at a point; the gradient is the caller's to dispose.</summary>
    public delegate (double Value, torch.Tensor Gradient) Objective(torch.Tensor point);

    /// <summary>The point at which the minimisation ended.</summary>
    /// <param name="Point">The minimiser; the caller's.</param>
    /// <param name="Value">The function there.</param>
    /// <param name="GradientNorm">Largest absolute component of the gradient there.</param>
    /// <param name="Iterations">Steps taken.</param>
    public sealed record Minimum(torch.Tensor Point, double Value, double GradientNorm, int Iterations);

    /// <summary>Runs until no component of the gradient is larger than the tolerance.</summary>
    /// <exception cref="FewShotException">The gradient did not become small enough within the iterations, or the function has a value
    /// that is not a number.</exception>
    public static Minimum Minimise(Objective objective, torch.Tensor start, double tolerance, int maximumIterations)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (shape, first) = (start.shape, Flat(start));
        var function = ObjectiveFunction.Gradient(point => Evaluate(objective, point, shape));
        // MathNet divides the gradient by the value where that is above 1; the value never rises above the first one.
        var relative = tolerance / Math.Max(1, Math.Abs(Evaluate(objective, first, shape).Value));
        try
        {
            // Tolerances of 0: only a small gradient ends the search, never a short step.
            var result = new LimitedMemoryBfgsMinimizer(relative, 0, 0, Memory, maximumIterations).FindMinimum(function, first);
            var end = result.FunctionInfoAtMinimum;
            var norm = end.Gradient.InfinityNorm();
            return norm <= tolerance
                ? new Minimum(torch.tensor(end.Point.ToArray(), shape).MoveToOuterDisposeScope(), end.Value, norm, result.Iterations)
                : throw new FewShotException(
                    $"The minimisation did not converge in {maximumIterations} steps: "
                    + $"the gradient is still {norm:g3}, above {tolerance:g3}. Allow more steps, or regularise more.");
        }
        catch (OptimizationException e)
        {
            throw new FewShotException(
                $"The minimisation did not reach a gradient of {tolerance:g3}: {e.Message} Scale the features, or regularise more.",
                e);
        }
    }

    private static (double Value, Vector<double> Gradient) Evaluate(Objective objective, Vector<double> point, long[] shape)
    {
        using var scope = torch.NewDisposeScope();
        var (value, gradient) = objective(torch.tensor(point.ToArray(), shape));
        return double.IsFinite(value)
            ? (value, Flat(gradient))
            : throw new FewShotException("The minimisation met a value that is not a number: scale the features.");
    }

    private static Vector<double> Flat(torch.Tensor values) => new DenseVector(values.flatten().data<double>().ToArray());
}
