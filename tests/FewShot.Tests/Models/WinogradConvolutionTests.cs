using FewShot.Models;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Models;

public sealed class WinogradConvolutionTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(3, 8, 8, 16, 16)]
    [InlineData(2, 7, 14, 24, 8)]
    [InlineData(1, 1, 2, 8, 16)]
    [InlineData(40, 16, 12, 160, 8)]
    public void Should_EqualTheDirectConvolution_When_InFloat64(int count, int height, int width, int channels, int filters)
    {
        var (input, weight, bias) = Layer(count, height, width, channels, filters);
        var exact = torch.nn.functional.conv2d(
            input.to(torch.float64), weight.to(torch.float64), bias.to(torch.float64), padding: [1L, 1L]);
        using var winograd = new WinogradConvolution(weight, bias);
        var found = winograd.Apply(input, rectifies: false);

        Assert.Equal([count, filters, height, width], found.shape);
        Assert.InRange((found - exact).abs().max().item<double>() / exact.abs().max().item<double>(), 0, 1e-5);
    }

    [Fact]
    public void Should_HoldNoValueBelowZero_When_ItRectifies()
    {
        var (input, weight, bias) = Layer(40, 16, 12, 160, 8);
        using var winograd = new WinogradConvolution(weight, bias);
        var plain = winograd.Apply(input, rectifies: false);

        Assert.True(plain.min().item<float>() < 0);
        Assert.True(winograd.Apply(input, rectifies: true).equal(plain.relu()).all().item<bool>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Should_AddTheResidualBeforeItRectifies_When_OneIsGiven(bool isChannelsLast)
    {
        var (input, weight, bias) = Layer(40, 7, 12, 160, 8);
        using var winograd = new WinogradConvolution(weight, bias);
        var residual = Formula.Floats("residual", [40, 8, 7, 12], u => (u * 2) - 1);
        if (isChannelsLast)
            residual = FrozenConvolution.ChannelsLast(residual);
        var expected = winograd.Apply(input, rectifies: false).add(residual).relu();

        Assert.True(winograd.Apply(input, rectifies: true, residual).allclose(expected));
    }

    [Fact]
    public void Should_StayChannelsLast_When_TheSidesAreNoMultipleOfATile()
    {
        var (input, weight, bias) = Layer(2, 7, 7, 8, 8);
        using var winograd = new WinogradConvolution(weight, bias);
        Assert.True(winograd.Apply(input, rectifies: false).permute(0, 2, 3, 1).is_contiguous());
    }

    [Theory]
    [InlineData(32, 32, false)]
    [InlineData(64, 32, true)]
    [InlineData(128, 16, true)]
    [InlineData(512, 4, true)]
    [InlineData(512, 7, true)]
    [InlineData(512, 1, false)]
    [InlineData(129, 16, false)]
    public void Should_Pay_When_ChannelsAreManyFillVectorsAndTilesAreFull(int channels, int side, bool pays) =>
        Assert.Equal(pays, WinogradConvolution.Pays(channels, channels, side, side));

    [Fact]
    public void Should_KeepNoTensor_When_OutputIsDisposed()
    {
        var (input, weight, bias) = Layer(40, 16, 16, 160, 8);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var winograd = new WinogradConvolution(weight, bias))
            winograd.Apply(input, rectifies: false).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static (torch.Tensor Input, torch.Tensor Weight, torch.Tensor Bias) Layer(
        int count, int height, int width, int channels, int filters) =>
    (
        Formula.Floats("input", [count, height, width, channels], u => Math.Max(0, (u * 4) - 2)).permute(0, 3, 1, 2),
        Formula.Floats("weight", [filters, channels, 3, 3], u => (u - 0.5) / Math.Sqrt(channels)),
        Formula.Floats("bias", [filters], u => u - 0.5));
}
