using System.Text.Json;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Tests.Evaluation;
using FewShot.Trials;

namespace FewShot.Tests.Trials;

public sealed class PairedTrialsTests : IDisposable
{
    private readonly TrialMaterial material = new();

    public void Dispose() => material.Dispose();

    [Fact]
    public void Should_EqualSciPysPairedTest_When_TwoAreCompared()
    {
        var (first, second) = (Result(Golden("first")), Result(Golden("second")));
        var found = new PairedTrials(first, second);
        Assert.Equal(GoldenAnswers.Number("pValue"), found.PValue, 10);
        Assert.True(found.IsDistinguishable);
        // The mean of 40 differences is close to normal, so that both intervals nearly agree.
        Assert.Equal(found.Interval.Low, found.Bootstrap.Low, 0.003);
        Assert.Equal(found.Interval.High, found.Bootstrap.High, 0.003);
    }

    [Fact]
    public void Should_GiveTheSameBootstrap_When_TheSeedIsTheSame()
    {
        var (first, second) = (Result(Golden("first")), Result(Golden("second")));
        Assert.Equal(new PairedTrials(first, second, seed: 5).Bootstrap, new PairedTrials(first, second, seed: 5).Bootstrap);
        Assert.NotEqual(new PairedTrials(first, second, seed: 5).Bootstrap, new PairedTrials(first, second, seed: 6).Bootstrap);
    }

    [Fact]
    public void Should_SayThatTheyAreNotDistinguishable_When_TheIntervalHoldsZero()
    {
        var found = new PairedTrials(Result([0.5, 0.6, 0.7, 0.8]), Result([0.6, 0.5, 0.8, 0.7]));
        Assert.False(found.IsDistinguishable);
        Assert.StartsWith("centroids", found.ToString(), StringComparison.Ordinal);
        Assert.Contains("not distinguishable, 0.0 points", found.ToString(), StringComparison.Ordinal);
        Assert.Contains("4 paired episodes", found.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_BeSure_When_EveryEpisodeDiffersAlike()
    {
        var found = new PairedTrials(Result([0.5, 0.25, 0.5]), Result([0.75, 0.5, 0.75]));
        Assert.Equal(0, found.PValue);
        Assert.True(found.IsDistinguishable);
        Assert.Equal(1, new PairedTrials(Result([0.5, 0.25]), Result([0.5, 0.25])).PValue);
    }

    // The episodes drawn anew for each method: differences of the draw would look like those of the methods.
    [Fact]
    public void Should_Refuse_When_TheEpisodesAreOthers()
    {
        var first = Result([0.5, 0.6]);
        var error = Assert.Throws<FewShotException>(() => new PairedTrials(first, first with { ListDigest = new string('0', 64) }));
        Assert.Contains("A paired comparison needs the same episodes", error.Message, StringComparison.Ordinal);
        Assert.Throws<FewShotException>(() => new PairedTrials(first, first with { DataDigest = new string('0', 64) }));
    }

    [Fact]
    public void Should_Refuse_When_ThereIsOneEpisode() =>
        Assert.Throws<FewShotException>(() => new PairedTrials(Result([0.5]), Result([0.5])));

    private TrialResult Result(double[] accuracies) => material.Evaluator.Run(material.Honest, MethodHistory.Nothing) with
    {
        Accuracy = new EpisodeAccuracy(accuracies, 3),
    };

    private static double[] Golden(string name) => GoldenAnswers.Expected.GetProperty(name).Deserialize<double[]>()!;
}
