using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class TemperatureTests : IDisposable
{
    private readonly IDisposable scope;

    public TemperatureTests()
    {
        Torch.Load();
        scope = torch.NewDisposeScope();
    }

    public void Dispose() => scope.Dispose();

    [Theory]
    [InlineData(0.3)]
    [InlineData(1)]
    [InlineData(4)]
    public void Should_FindTheTruth_When_LabelsAreDrawnWithIt(double truth)
    {
        using var generator = new torch.Generator(2, torch.CPU);
        var logits = torch.randn([20_000, 4], torch.float64, generator: generator) * 2;
        var labels = torch.multinomial(logits.softmax(1), 1, generator: generator).squeeze(1);
        Assert.Equal(truth, Temperature.Fit(logits * truth, labels), 0.05 * truth);
    }

    [Fact]
    public void Should_LeaveSomeDoubt_When_EveryPhotoIsRight()
    {
        var labels = torch.tensor(new long[] { 0, 1, 0, 1, 0, 1, 0, 1 });
        var scores = torch.nn.functional.one_hot(labels, 2).to(torch.float32);
        var sure = (scores / Temperature.Fit(scores, labels)).softmax(1).amax([1]).mean().item<float>();
        // Eight of eight: (8 + 1) / (8 + 2).
        Assert.Equal(0.9f, sure, 1e-3f);
    }
}
