using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using FewShot.Tests.Trials;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class NamePriorTests
{
    // Fewer classes than numbers of a name, and more: two ways to solve.
    [Theory]
    [InlineData(5)]
    [InlineData(20)]
    public void Should_EqualTheNormalEquationsWithAnUnpenalisedBias_When_Fitted(int classes)
    {
        const double Strength = 0.02;
        using var scope = torch.NewDisposeScope();
        var (names, prototypes) = (Values("names", classes, 8), Values("prototypes", classes, 6));
        using var prior = NamePrior.Fit(names, prototypes, Strength);
        var others = Values("other names", 3, 8);

        var inputs = torch.cat([names, torch.ones(classes, 1, torch.float64)], 1);
        var penalty = torch.eye(9, dtype: torch.float64) * Strength * classes;
        penalty[8, 8] = 0;
        var weights = torch.linalg.solve(inputs.t().mm(inputs) + penalty, inputs.t().mm(prototypes));
        var guesses = torch.cat([others, torch.ones(3, 1, torch.float64)], 1).mm(weights);
        var differences = guesses - prototypes.mean([0], keepdim: true);
        var expected = differences / differences.square().sum(1, keepdim: true).sqrt();

        Assert.True((prior.Of(others).to(torch.float64) - expected).abs().max().item<double>() < 1e-6);
    }

    [Fact]
    public void Should_GiveBackHowThePrototypesDiffer_When_HardlyPenalised()
    {
        using var scope = torch.NewDisposeScope();
        var (names, prototypes) = (Values("names", 5, 8), Values("prototypes", 5, 6));
        using var prior = NamePrior.Fit(names, prototypes, 1e-9);
        var expected = torch.nn.functional.normalize(prototypes - prototypes.mean([0], keepdim: true), dim: 1);
        Assert.True((prior.Of(names).to(torch.float64) - expected).abs().max().item<double>() < 1e-4);
    }

    [Fact]
    public void Should_BeTheMeanOfCentredUnitVectors_When_PrototypesAreMadeOfABank()
    {
        using var scope = torch.NewDisposeScope();
        using var material = new TrialMaterial();
        var features = material.Bank.Features.to(torch.float64);
        var centre = features.mean([0], keepdim: true);
        var found = NamePrior.Prototypes(material.Bank, EpisodeTransform.CL2N.CentredOn(material.Bank.Features));
        Assert.Equal([material.Set.ClassNames.Count, material.Bank.FeatureCount], found.shape);
        for (var label = 0; label < found.shape[0]; label++)
        {
            var members = features[material.Bank.Labels.eq(label)] - centre;
            var mean = (members / members.square().sum(1, keepdim: true).sqrt()).mean([0]);
            Assert.True((found[label].to(torch.float64) - mean).abs().max().item<double>() < 1e-5);
        }
    }

    [Fact]
    public void Should_RefuseWhatDoesNotFit_When_FittedOrAsked()
    {
        using var scope = torch.NewDisposeScope();
        using var material = new TrialMaterial();
        var (names, prototypes) = (Values("names", 5, 8), Values("prototypes", 5, 6));
        Refused(() => NamePrior.Fit(names, prototypes.narrow(0, 0, 4), 1), "found names [5, 8] and prototypes [4, 6]");
        Refused(() => NamePrior.Fit(names.narrow(0, 0, 1), prototypes.narrow(0, 0, 1), 1), "at least two classes");
        Refused(() => NamePrior.Fit(names, prototypes, 0), "penalty above 0; found 0");
        using var prior = NamePrior.Fit(names, prototypes, 1);
        Refused(() => prior.Of(prototypes), "with 8 numbers; found [5, 6]");
        Refused(() => NamePrior.Prototypes(material.Bank, EpisodeTransform.CL2N), "a bank is no episode");
        using var lacking = material.Bank.Select([0]);
        Refused(() => NamePrior.Prototypes(lacking, EpisodeTransform.L2N), "a class has no image");
    }

    [Fact]
    public void Should_KeepNoTensor_When_Disposed()
    {
        using var scope = torch.NewDisposeScope();
        var (names, prototypes) = (Values("names", 5, 8), Values("prototypes", 5, 6));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var prior = NamePrior.Fit(names, prototypes, 1))
        using (prior.Of(names))
            Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount > before);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static void Refused(Action act, string part) =>
        Assert.Contains(part, Assert.Throws<FewShotException>(act).Message, StringComparison.Ordinal);

    private static torch.Tensor Values(string name, int rows, int columns) =>
        torch.tensor(Formula.Uniform(name, (long)rows * columns), [rows, columns], torch.float64);
}
