using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Trials;
using TorchSharp;

namespace FewShot.Tests.Trials;

public sealed class SideInformationTests : IDisposable
{
    private readonly TrialMaterial material = new();

    public void Dispose() => material.Dispose();

    [Fact]
    public void Should_GiveAScoreAndSayWhatWasTold_When_TheMethodSaysThatItKnowsTheNames()
    {
        var result = material.Evaluator.Run(new FeatureMethod(Named(share: 0), material.Bank), MethodHistory.Nothing);
        Assert.Equal("class names", result.SideInformation);
        Assert.Contains("told class names", result.ToString(), StringComparison.Ordinal);
        Assert.True(result.Accuracy.Mean > 0.5);
        var finding = Assert.Single(result.Leakage.Findings, one => one.Check == "chance with shuffled labels");
        Assert.Contains("class names shuffled, too", finding.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ItUsesTheClassesAndDoesNotSaySo()
    {
        var named = new FeatureMethod(Named(share: 0), material.Bank);
        var error = Assert.Throws<FewShotException>(() => material.Evaluator.Run(new Silent(named), MethodHistory.Nothing));
        Assert.Contains("\"chance with shuffled labels\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_SomethingBesideTheNamesTellsTheClasses()
    {
        // The answers stand in the order of the queries: no name and no support is looked at.
        var list = material.Changed(episode => episode with { Query = [.. episode.Query.OrderBy(image => image.Label)] });
        var error = Assert.Throws<FewShotException>(() => new Evaluator(list, material.Set).Run(
            new Told(new MadeUp((_, query, label) => query / TrialMaterial.Form.Query == label ? 1 : 0)), MethodHistory.Nothing));
        Assert.Contains("\"chance with shuffled labels\"", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepTheClassesFromAHead_When_ItDoesNotAskForThem()
    {
        var head = new Looks();
        using var scores = new FeatureMethod(head, material.Bank).Scores(material.List.Episodes);
        Assert.False(head.SawClasses);
    }

    // The prototypes of its own classes, as perfect names would give them.
    private EpisodeNamedCentroid Named(double share) =>
        new(NamePrior.Prototypes(material.Bank, new EpisodeTransform()), new() { ImageShare = share });

    private sealed class Silent(IFewShotMethod method) : IFewShotMethod
    {
        public string Name => "silent";

        public bool IsTransductive => false;

        public torch.Tensor Scores(IReadOnlyList<Episode> episodes) => method.Scores(episodes);
    }

    private sealed class Told(IFewShotMethod method) : IFewShotMethod
    {
        public string Name => "told";

        public bool IsTransductive => false;

        public string? SideInformation => "class names";

        public torch.Tensor Scores(IReadOnlyList<Episode> episodes) => method.Scores(episodes);
    }

    private sealed class Looks : IEpisodeHead
    {
        public string Name => "looks";

        public bool IsTransductive => false;

        public bool SawClasses { get; private set; }

        public torch.Tensor Scores(EpisodeFeatures episodes)
        {
            SawClasses |= episodes.Classes is not null;
            return new EpisodeCentroid().Scores(episodes);
        }
    }
}
