using FewShot.Models;
using TorchSharp;

namespace FewShot.Tests.Models;

/// <summary>The fused passes against the same composed of libtorch's operations and differentiated by libtorch.</summary>
public class TaskNormTests
{
    private const int Tasks = 2;
    private const int Channels = 16;

    private delegate torch.Tensor Norm(torch.Tensor values, torch.Tensor scale, torch.Tensor shift, long counted);

    [Theory]
    [InlineData(150, 150)]
    [InlineData(150, 130)]
    [InlineData(64, 64)]
    [InlineData(9, 1)]
    public void Should_EqualTheComposition_When_DifferentiatedUpToThreeTimes(int rows, int counted)
    {
        using var scope = torch.NewDisposeScope();
        var found = Derivatives(TaskNorm.Apply, rows, counted, torch.ScalarType.Float64);
        var expected = Derivatives(TaskNorm.Compose, rows, counted, torch.ScalarType.Float64);
        Assert.Equal(1 + 3 + 3 + 4, found.Count);
        // With one row that counts, variance and its share are exactly 0 and rounding is all that remains of some sums.
        var tolerance = counted == 1 ? 1e-7 : 1e-11;
        foreach (var (index, (one, other)) in found.Zip(expected).Index())
            Assert.True((one - other).abs().max().item<double>() <= tolerance * Math.Max(1, other.abs().max().item<double>()), $"Derivative {index} differs by {(one - other).abs().max().item<double>()} of {other.abs().max().item<double>()}.");
    }

    /// <summary>With respect to the scale alone: constants stand beside it, and the gradient of the output depends on it, too.</summary>
    [Fact]
    public void Should_EqualTheComposition_When_OnlyTheScaleIsDifferentiatedThreeTimes()
    {
        using var scope = torch.NewDisposeScope();
        torch.Tensor Third(Norm norm)
        {
            var scale = Normal(2, Tasks, Channels).requires_grad_();
            var output = norm(Normal(1, Tasks, 20, Channels), scale, Normal(3, Tasks, Channels), 20);
            var first = torch.autograd.grad([output.square().sum()], [scale], retain_graph: true, create_graph: true)[0];
            var second = torch.autograd.grad([first.pow(3).sum()], [scale], retain_graph: true, create_graph: true)[0];
            return torch.autograd.grad([second.square().sum()], [scale])[0];
        }

        Assert.True(torch.allclose(Third(TaskNorm.Apply), Third(TaskNorm.Compose), 1e-10, 1e-10));
    }

    [Fact]
    public void Should_EqualTheComposition_When_ValuesAreSingle()
    {
        using var scope = torch.NewDisposeScope();
        var found = Derivatives(TaskNorm.Apply, 150, 130, torch.ScalarType.Float32).Take(7);
        var expected = Derivatives(TaskNorm.Compose, 150, 130, torch.ScalarType.Float64);
        foreach (var (one, other) in found.Zip(expected))
            Assert.InRange(((one - other).abs().max() / other.abs().max()).item<double>(), 0, 1e-5);
    }

    [Fact]
    public void Should_UseTheComposition_When_RowsAreNotWholeVectors()
    {
        using var scope = torch.NewDisposeScope();
        var values = Normal(1, [Tasks, 20, 3]);
        var (scale, shift) = (Normal(2, [Tasks, 3]), Normal(3, [Tasks, 3]));
        Assert.True(TaskNorm.Apply(values, scale, shift, 20).eq(TaskNorm.Compose(values, scale, shift, 20)).all().item<bool>());
    }

    [Fact]
    public void Should_KeepNaN_When_ValuesDiverged()
    {
        using var scope = torch.NewDisposeScope();
        var values = Normal(1, [1, 5, Channels]);
        _ = values[0, 3, 2].fill_(double.NaN);
        var output = TaskNorm.Apply(values, torch.ones([1, Channels], torch.float64), torch.zeros([1, Channels], torch.float64), 5);
        Assert.Equal(5, output.isnan().sum().item<long>());
    }

    [Fact]
    public void Should_PassNoGradient_When_TheOutputIsExactlyZero()
    {
        using var scope = torch.NewDisposeScope();
        var shift = torch.zeros([1, Channels], torch.float64).requires_grad_();
        var output = TaskNorm.Apply(torch.ones([1, 5, Channels], torch.float64), torch.ones([1, Channels], torch.float64), shift, 5);
        Assert.Equal(0, torch.autograd.grad([output.sum()], [shift])[0].abs().max().item<double>());
    }

    [Fact]
    public void Should_KeepSinglePrecision_When_ManyRowsLieFarFromZero()
    {
        using var scope = torch.NewDisposeScope();
        const int rows = 200_000;
        var values = (Normal(1, [1, rows, Channels]) + 100).to(torch.float32);
        var (scale, shift) = (torch.ones([1, Channels]), torch.zeros([1, Channels]));
        var exact = TaskNorm.Compose(values.to(torch.float64), scale.to(torch.float64), shift.to(torch.float64), rows);
        Assert.InRange((TaskNorm.Apply(values, scale, shift, rows) - exact).abs().max().item<double>(), 0, 2e-5);
    }

    [Fact]
    public void Should_LeaveNoTensor_When_DifferentiatedTwice()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 3; i++)
        {
            using var scope = torch.NewDisposeScope();
            _ = Derivatives(TaskNorm.Apply, 20, 20, torch.ScalarType.Float64);
        }

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The output, and the gradients of random weightings: first with respect to all inputs, then of those, then of those again.</summary>
    private static List<torch.Tensor> Derivatives(Norm norm, int rows, int counted, torch.ScalarType dtype)
    {
        torch.Tensor Leaf(int seed, params long[] shape) => Normal(seed, shape).to(dtype).requires_grad_();
        torch.Tensor[] inputs = [Leaf(1, Tasks, rows, Channels), Leaf(2, Tasks, Channels), Leaf(3, Tasks, Channels)];
        var output = norm(inputs[0], inputs[1], inputs[2], counted);
        var outputGradient = Leaf(4, Tasks, rows, Channels);
        var first = torch.autograd.grad([output], inputs, [outputGradient], retain_graph: true, create_graph: true);
        torch.Tensor[] weights = [Leaf(5, Tasks, rows, Channels), Leaf(6, Tasks, Channels), Leaf(7, Tasks, Channels)];
        var second = torch.autograd.grad(first, [outputGradient, inputs[0], inputs[1]], weights, retain_graph: true);
        var differentiable = torch.autograd.grad(first, [outputGradient, inputs[0], inputs[1]], weights, retain_graph: true, create_graph: true);
        foreach (var (one, other) in second.Zip(differentiable))
            Assert.True(torch.allclose(one.to(torch.float64), other.to(torch.float64), 1e-4, 1e-4));
        var third = torch.autograd.grad(differentiable, [outputGradient, inputs[0], inputs[1], weights[0]], [Normal(8, Tasks, rows, Channels).to(dtype), Normal(9, Tasks, rows, Channels).to(dtype), Normal(10, Tasks, Channels).to(dtype)]);
        return [.. new[] { output }.Concat(first).Concat(second).Concat(third).Select(tensor => tensor.detach().to(torch.float64))];
    }

    private static torch.Tensor Normal(int seed, params long[] shape)
    {
        using var generator = new torch.Generator((ulong)seed, torch.CPU);
        return torch.randn(shape, dtype: torch.float64, generator: generator);
    }
}
