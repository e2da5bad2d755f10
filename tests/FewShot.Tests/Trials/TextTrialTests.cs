using FewShot.Episodes;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Text;
using FewShot.Transfer;
using FewShot.Trials;

namespace FewShot.Tests.Trials;

/// <summary>Texts go the way of images: from a set to frozen episodes to checks and an accuracy with its interval.</summary>
public sealed class TextTrialTests
{
    private static readonly EpisodeOptions FiveWay = new() { Way = 5, Shot = 1, Query = 5 };

    private static readonly TextSet Asked = Banking77.Test.SelectClasses([.. Banking77.Intents.Take(10)]);

    [Fact]
    public void Should_PassTheChecksAndBeatChance_When_EpisodesAreOfTexts()
    {
        using var bank = FeatureBank.Extract(new HashedNgrams(512), Asked);
        var list = EpisodeList.Draw(Asked, FiveWay, count: 40, seed: 1);
        var method = new FeatureMethod(new EpisodeCentroid(), bank);

        var result = new Evaluator(list, Asked).Run(method, MethodHistory.Nothing);

        Assert.InRange(result.Accuracy.Mean, 0.3, 0.95);
        Assert.Equal(Asked.Digest, result.DataDigest);
        Assert.Equal(list.Digest, EpisodeList.Draw(Asked, FiveWay, count: 40, seed: 1).Digest);
    }

    [Fact]
    public void Should_RefuseTheScore_When_TheMethodWasTrainedOnTheTexts()
    {
        using var bank = FeatureBank.Extract(new HashedNgrams(512), Asked);
        var list = EpisodeList.Draw(Asked, FiveWay, count: 40, seed: 1);
        var method = new FeatureMethod(new EpisodeCentroid(), bank);
        var history = MethodHistory.Nothing with { TrainedOn = [ClassesSeen.In(Asked)] };

        var error = Assert.Throws<FewShotException>(() => new Evaluator(list, Asked).Run(method, history));

        Assert.Contains(Banking77.Intents[0], error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameEqualTextsAlike_When_Hashed()
    {
        var hashes = new TextSet("three", ["a", "b", "a"], [0, 0, 1], ["x", "y"]).ExampleHashes();
        Assert.Equal(hashes[0], hashes[2]);
        Assert.NotEqual(hashes[0], hashes[1]);
    }
}
