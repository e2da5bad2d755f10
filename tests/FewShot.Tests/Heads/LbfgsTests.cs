using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Heads;

public class LbfgsTests
{
    /// <summary>Rosenbrock's valley, 100 (y - x^2)^2 + (1 - x)^2: its minimum is at (1, 1).</summary>
    private static (double Value, torch.Tensor Gradient) Rosenbrock(torch.Tensor point)
    {
        double x = point[0].item<double>(), y = point[1].item<double>();
        var value = (100 * Math.Pow(y - (x * x), 2)) + Math.Pow(1 - x, 2);
        return (value, torch.tensor(new[] { (-400 * x * (y - (x * x))) - (2 * (1 - x)), 200 * (y - (x * x)) }));
    }

    [Fact]
    public void Should_FindTheMinimum_When_TheValleyIsCurved()
    {
        using var scope = torch.NewDisposeScope();
        var minimum = Lbfgs.Minimise(Rosenbrock, torch.tensor(new[] { -1.2, 1.0 }), 1e-9, 200);
        Assert.True(Formulas.LargestDifference(minimum.Point, 1, 1) < 1e-8);
        Assert.InRange(minimum.Iterations, 10, 60);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Done()
    {
        using var scope = torch.NewDisposeScope();
        using var start = torch.tensor(new[] { -1.2, 1.0 });
        var before = scope.DisposablesCount;
        var minimum = Lbfgs.Minimise(Rosenbrock, start, 1e-9, 200);
        Assert.Equal(before + 1, scope.DisposablesCount);
        minimum.Point.Dispose();
    }

    [Fact]
    public void Should_SaySo_When_StepsRunOut()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<FewShotException>(() => Lbfgs.Minimise(Rosenbrock, torch.tensor(new[] { -1.2, 1.0 }), 1e-9, 3));
        Assert.Contains("did not converge in 3 steps", error.Message, StringComparison.Ordinal);
    }
}
