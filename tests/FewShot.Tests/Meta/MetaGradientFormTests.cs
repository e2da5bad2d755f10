using FewShot.Meta;
using TorchSharp;

namespace FewShot.Tests.Meta;

/// <summary>What options make of a meta-gradient.</summary>
public class MetaGradientFormTests
{
    private const int Steps = 3;
    private const long Annealed = 10;

    private static readonly MamlOptions Options = new() { InnerLearningRate = 0.05, InnerSteps = Steps };

    /// <summary>The shares move in a straight line from a third each to the last step alone.</summary>
    [Theory]
    [InlineData(0, 1.0 / 3, 1.0 / 3)]
    [InlineData(5, 1.0 / 6, 2.0 / 3)]
    [InlineData(9, 1.0 / 30, 14.0 / 15)]
    [InlineData(10, 0, 1)]
    [InlineData(1000, 0, 1)]
    public void Should_WeighTheGradientsOfAllSteps_When_TheLossIsOfManySteps(long iteration, double early, double last)
    {
        using var scope = torch.NewDisposeScope();
        var gradients = Enumerable.Range(1, Steps).Select(steps => Gradient(Options with { InnerSteps = steps })).ToArray();
        var expected = ((gradients[0] + gradients[1]) * early) + (gradients[2] * last);
        Assert.InRange(
            MetaTasks.RelativeDifference(Gradient(Options with { MultiStepLossIterations = Annealed }, iteration), expected), 0, 1e-10);
    }

    [Fact]
    public void Should_CutEachComponent_When_AClipIsGiven()
    {
        using var scope = torch.NewDisposeScope();
        var whole = Gradient(Options);
        var clip = whole.abs().median().item<double>();
        Assert.InRange(MetaTasks.RelativeDifference(Gradient(Options with { GradientClip = clip }), whole.clamp(-clip, clip)), 0, 1e-12);
    }

    private static torch.Tensor Gradient(MamlOptions options, long iteration = 0)
    {
        var model = MetaTasks.Model("mlp");
        using var initial = MetaTasks.Weights(model);
        using var tasks = MetaTasks.For(model);
        using var learner = new Maml(model, initial, options);
        using var gradient = learner.Gradient(tasks, iteration);
        return gradient.Gradient.clone();
    }
}
