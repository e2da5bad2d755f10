using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Tests.Golden;
using TorchSharp;

namespace FewShot.Tests.Heads;

public sealed class EpisodeNamedCentroidTests
{
    private const int Classes = 9;

    [Fact]
    public void Should_EqualTheNearestCentroidExactly_When_TheNamesCountForNothing()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = Named(EpisodeSamples.Draw(3));
        var transform = EpisodeTransform.CL2N.CentredOn(episodes.Support[0]);
        var scores = Head(1, transform).Scores(episodes);
        var expected = new EpisodeCentroid(new() { Transform = transform }).Scores(episodes);
        Assert.Equal(expected.data<double>().ToArray(), scores.data<double>().ToArray());
    }

    [Fact]
    public void Should_IgnoreTheSupportImages_When_TheyCountForNothing()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = Named(EpisodeSamples.Draw(1));
        using var others = Named(EpisodeSamples.Draw(1).With(support: episodes.Support.flip(2) * 3));
        Assert.Equal(
            Head(0).Scores(episodes).data<double>().ToArray(), Head(0).Scores(others).data<double>().ToArray());
        Assert.NotEqual(
            Head(0.5).Scores(episodes).data<double>().ToArray(), Head(0.5).Scores(others).data<double>().ToArray());
    }

    [Fact]
    public void Should_MeasureToTheMixture_When_BothCount()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = new EpisodeFeatures(
            torch.tensor(new[, ,] { { { 0f, 0 }, { 4, 4 } } }), torch.tensor(new long[,] { { 0, 1 } }),
            torch.tensor(new[, ,] { { { 1f, 1 } } }), 2, torch.tensor(new long[,] { { 2, 0 } }));
        var named = torch.tensor(new[,] { { 8f, 0 }, { 100, 100 }, { 0, 4 } });
        // A quarter of the image and three quarters of the name: (0, 3) and (7, 1), whose squared distances from (1, 1) are 5 and 36.
        var scores = new EpisodeNamedCentroid(named, new() { ImageShare = 0.25 }).Scores(episodes);
        Assert.True(Formulas.LargestDifference(scores, -5, -36) < 1e-5);
    }

    [Fact]
    public void Should_FollowEachEpisodesClasses_When_TheyDiffer()
    {
        using var scope = torch.NewDisposeScope();
        using var episodes = Named(EpisodeSamples.Draw(1));
        using var turned = new EpisodeFeatures(
            episodes.Support.clone(), episodes.SupportLabels.clone(), episodes.Query.clone(), episodes.Way, episodes.Classes!.flip(1));
        Assert.Equal(
            Head(0).Scores(episodes).flip(2).contiguous().data<double>().ToArray(), Head(0).Scores(turned).data<double>().ToArray());
    }

    [Fact]
    public void Should_SayWhatIsMissing_When_EpisodesOrSettingsDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        using var plain = EpisodeSamples.Draw(1);
        using var episodes = Named(EpisodeSamples.Draw(1));
        Refused(() => Head(0.5).Scores(plain), "do not say which classes");
        Refused(() => new EpisodeNamedCentroid(Prototypes().narrow(0, 0, 3)).Scores(episodes), "of 3 classes with 32 features");
        Refused(() => new EpisodeNamedCentroid(Prototypes().narrow(1, 0, 3)).Scores(episodes), "with 3 features; an episode has class 8");
        Refused(() => Head(1.5), "from 0 to 1; found 1.5");
        Refused(() => Head(0, EpisodeTransform.CL2N), "Give the transform a centre");
        Refused(() => new EpisodeNamedCentroid(torch.zeros(3)), "classes x features");
        Refused(
            () => new EpisodeFeatures(plain.Support, plain.SupportLabels, plain.Query, plain.Way, torch.zeros(2, 2, torch.int64)),
            "int64 with shape [3, 5]");
    }

    [Fact]
    public void Should_KeepNoTensor_When_EpisodesAreDisposed()
    {
        var named = Prototypes();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var drawn = EpisodeSamples.Draw(1))
        using (var episodes = new EpisodeFeatures(
            drawn.Support.clone(), drawn.SupportLabels.clone(), drawn.Query.clone(), drawn.Way,
            torch.zeros(EpisodeSamples.Count, EpisodeSamples.Way, torch.int64)))
        using (new EpisodeNamedCentroid(named).Scores(episodes))
            Assert.True(DisposeScopeManager.Statistics.ThreadTotalLiveCount > before);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        named.Dispose();
    }

    private static EpisodeNamedCentroid Head(double share, EpisodeTransform? transform = null) =>
        new(Prototypes(), new() { ImageShare = share, Transform = transform ?? EpisodeTransform.L2N });

    private static torch.Tensor Prototypes() =>
        torch.tensor(Formula.Uniform("named", Classes * EpisodeSamples.Size), [Classes, EpisodeSamples.Size], torch.float64);

    /// <summary>The same with classes: 4 to 8, 3 to 7 and 2 to 6. Takes over what it is given.</summary>
    private static EpisodeFeatures Named(EpisodeFeatures episodes)
    {
        var first = 4 - torch.arange(EpisodeSamples.Count, torch.int64).view(-1, 1);
        return new(
            episodes.Support, episodes.SupportLabels, episodes.Query, episodes.Way, first + torch.arange(EpisodeSamples.Way, torch.int64));
    }

    private static void Refused(Action act, string part) =>
        Assert.Contains(part, Assert.Throws<FewShotException>(act).Message, StringComparison.Ordinal);
}
