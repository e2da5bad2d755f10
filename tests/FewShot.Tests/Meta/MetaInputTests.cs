using System.Globalization;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Meta;

public class MetaInputTests
{
    [Theory]
    [InlineData(-100)]
    [InlineData(3)]
    public void Should_NameTheLabels_When_OneIsOutsideTheWays(long label)
    {
        var targets = torch.arange(6).remainder(3).repeat(2, 1);
        targets[1, 4] = torch.tensor(label);
        Refused("must lie in 0..2", MetaTasks.Strided(), [2, 6, 2, 7, 7], targets);
    }

    [Theory]
    [InlineData("2 6 1 7 7")]
    [InlineData("2 6 2 8 8")]
    [InlineData("2 6 98")]
    public void Should_SayWhatItTakes_When_TheImagesAreOthers(string shape) => Refused(
        "takes tasks x examples x 2 x 7 x 7",
        MetaTasks.Strided(),
        [.. shape.Split(' ').Select(size => long.Parse(size, CultureInfo.InvariantCulture))],
        torch.arange(6).remainder(3).repeat(2, 1));

    [Fact]
    public void Should_SayWhatItTakes_When_TheVectorsAreLonger() =>
        Refused("takes tasks x examples x 3", new Mlp(3, 2), [2, 6, 4], torch.zeros(2, 6, 2));

    private static void Refused(string because, IFunctionalModel model, long[] shape, torch.Tensor targets)
    {
        using var scope = torch.NewDisposeScope();
        using var initial = model.Initial(0);
        using var learner = new Maml(model, initial);
        using var tasks = new TaskBatch(torch.zeros(shape), targets, torch.zeros(shape), targets.clone());
        Assert.Contains(because, Assert.Throws<FewShotException>(() => learner.Gradient(tasks)).Message, StringComparison.Ordinal);
        Assert.Contains(because, Assert.Throws<FewShotException>(() => learner.Evaluate(tasks)).Message, StringComparison.Ordinal);
    }
}
