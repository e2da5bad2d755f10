using FewShot.Transfer;
using TorchSharp;
using TorchSharp.Modules;

namespace FewShot.Tests.Transfer;

public class UpdateRuleTests
{
    /// <summary>libtorch's own optimisers are the truth.</summary>
    [Theory]
    [InlineData(FineTuneRule.AdamW)]
    [InlineData(FineTuneRule.Momentum)]
    public void Should_StepAsLibtorchDoes_When_GradientsAreTheSame(FineTuneRule kind)
    {
        using var scope = torch.NewDisposeScope();
        using var start = torch.tensor(new[] { 0.5f, -1f, 2f });
        using var ours = new Parameter(start.clone());
        using var theirs = new Parameter(start.clone());
        using torch.optim.Optimizer optimiser = kind == FineTuneRule.AdamW
            ? torch.optim.AdamW([theirs], lr: 0.01, weight_decay: 0.1)
            : torch.optim.SGD([theirs], 0.01, momentum: 0.9, weight_decay: 0.1);
        using var rule = UpdateRule.Create(kind, 0.1, [("x", ours)]);
        for (var step = 1; step <= 7; step++)
        {
            (theirs.sin() * step).sum().backward();
            (ours.sin() * step).sum().backward();
            _ = optimiser.step();
            using (torch.no_grad())
                rule.Apply("x", ours, ours.grad!, 0.01, step);
            optimiser.zero_grad();
            ours.grad!.zero_();
        }

        Assert.True((ours - theirs).abs().max().item<float>() < 1e-6f);
        Assert.True((ours - start).abs().max().item<float>() > 0.05f);
    }
}
