using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Runtime;

public sealed class AutogradTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_GiveTheDerivative_When_TheLossIsAPolynomial()
    {
        var x = Leaf(3);
        Assert.Equal(12, Autograd.Gradients(x * x * 2, [x])[0].item<float>());
    }

    [Fact]
    public void Should_GiveTheSecondDerivative_When_TheGraphIsKept()
    {
        var x = Leaf(3);
        var first = Autograd.Gradients(x.pow(3), [x], createGraph: true);
        Assert.Equal(18, Autograd.Gradients(first[0], [x])[0].item<float>());
    }

    [Fact]
    public void Should_DifferentiateByAnIntermediateValue_When_AGraphLeadsOn()
    {
        var x = Leaf(3);
        var y = x * 2;
        var byMiddle = Autograd.Gradients(y.pow(3), [y], createGraph: true);
        Assert.Equal(108, byMiddle[0].item<float>());
        Assert.Equal(144, Autograd.Gradients(byMiddle[0] * 2, [x])[0].item<float>());
    }

    [Fact]
    public void Should_LeaveNoGradientBehind_When_Taken()
    {
        var x = Leaf(3);
        _ = Autograd.Gradients(x * x, [x], createGraph: true);
        Assert.True(x.grad is null || x.grad.IsInvalid);
    }

    [Fact]
    public void Should_LeaveAnEarlierGradientAlone_When_OneIsThere()
    {
        var x = Leaf(3);
        (x * 5).backward();
        Assert.Equal(6, Autograd.Gradients(x * x, [x])[0].item<float>());
        Assert.Equal(5, x.grad!.item<float>());
    }

    [Fact]
    public void Should_NameTheInput_When_TheLossSkipsIt()
    {
        var (used, unused) = (Leaf(1), Leaf(2));
        Refused("does not depend on bias", () => Autograd.Gradients(used * 2, [used, unused], names: ["weight", "bias"]));
        Refused("does not depend on input 2 of 2", () => Autograd.Gradients(used * 2, [used, unused]));
    }

    [Fact]
    public void Should_SayWhatCutItOff_When_TheLossIsDetached()
    {
        var x = Leaf(1);
        Refused("detach()", () => Autograd.Gradients((x * 2).detach(), [x]));
    }

    [Fact]
    public void Should_SayHowToLeaveIt_When_InInferenceMode()
    {
        var x = Leaf(1);
        using var inference = torch.inference_mode();
        Refused("inference_mode", () => Autograd.Gradients(x * 2, [x]));
    }

    [Fact]
    public void Should_BeCaught_When_OneGraphIsGoneThroughTwice()
    {
        var x = Leaf(1);
        var loss = x.exp();
        _ = Autograd.Gradients(loss, [x]);
        Refused("second time", () => Autograd.Gradients(loss, [x]));
    }

    [Fact]
    public void Should_BeCaught_When_TheLossIsNoSingleValue() =>
        Refused("scalar", () => Autograd.Gradients(torch.ones(2, requires_grad: true) * 2, [torch.ones(2, requires_grad: true)]));

    [Fact]
    public void Should_BeCaught_When_MemoryRunsOut()
    {
        // The gradient of a row that was repeated without memory needs the memory of all rows: 4 EB.
        var row = torch.ones(1, 1L << 10, requires_grad: true);
        var loss = row.expand(1L << 50, 1L << 10).narrow(0, 0, 1).sum();
        Refused("memory", () => Autograd.Gradients(loss, [row]));
    }

    private static torch.Tensor Leaf(float value) => torch.tensor(value, requires_grad: true);

    private static void Refused(string because, Action action) =>
        Assert.Contains(because, Assert.Throws<FewShotException>(action).Message, StringComparison.Ordinal);
}
