using FewShot.Episodes;
using FewShot.Runtime;

namespace FewShot.Tests.Episodes;

public class EpisodeSamplerTests
{
    private static readonly EpisodeOptions Form = new(Way: 5, Shot: 2, Query: 3);

    [Fact]
    public void Should_KeepSupportAndQueryApart_When_Drawn()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        var sampler = new EpisodeSampler(set, Form);
        foreach (var episode in sampler.Next(200))
        {
            var images = episode.Support.Concat(episode.Query).ToArray();
            Assert.Equal(25, images.Select(image => image.Position).Distinct().Count());
            Assert.All(images, image => Assert.Equal(set.LabelValues[image.Position], episode.Classes[image.Label]));
            Assert.Equal(5, episode.Classes.Distinct().Count());
            Assert.All(
                Enumerable.Range(0, 5),
                label => Assert.Equal(
                    (2, 3), (episode.Support.Count(image => image.Label == label), episode.Query.Count(image => image.Label == label))));
        }
    }

    // Sorted labels let a network answer by the order of classes or images: every class must get every label, and every place every label.
    [Fact]
    public void Should_GiveEveryClassAndPlaceEveryLabel_When_ManyAreDrawn()
    {
        using var set = TinySet.Of(classes: 6, perClass: 5);
        var episodes = new EpisodeSampler(set, Form).Next(3000);
        foreach (var label in Enumerable.Range(0, 5))
        {
            Assert.All(episodes.CountBy(episode => episode.Classes[label]), entry => Assert.InRange(entry.Value, 400, 600));
            Assert.All(
                Enumerable.Range(0, 10),
                place => Assert.InRange(episodes.Count(episode => episode.Support[place].Label == label), 500, 700));
            Assert.All(
                Enumerable.Range(0, 15),
                place => Assert.InRange(episodes.Count(episode => episode.Query[place].Label == label), 500, 700));
        }
    }

    [Fact]
    public void Should_UseEveryImageEquallyOften_When_ManyAreDrawn()
    {
        using var set = TinySet.Of(classes: 6, perClass: 5);
        var episodes = new EpisodeSampler(set, new EpisodeOptions(Way: 2, Shot: 1, Query: 1)).Next(6000);
        var uses = episodes.SelectMany(episode => episode.Support).CountBy(image => image.Position).ToDictionary();
        Assert.Equal(30, uses.Count);
        Assert.All(uses.Values, count => Assert.InRange(count, 320, 480));
    }

    [Fact]
    public void Should_GoOnAlike_When_ThePositionIsSetAgain()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        var sampler = new EpisodeSampler(set, Form, seed: 5);
        _ = sampler.Next(7);
        var position = sampler.Position;
        var next = sampler.Next(3).ToArray();

        var resumed = new EpisodeSampler(set, Form, seed: 5) { Position = position };

        Assert.All(resumed.Next(3).Zip(next), pair => AssertEqual(pair.First, pair.Second));
        Assert.Equal(10, resumed.Position);
    }

    [Fact]
    public void Should_DrawOtherEpisodes_When_TheSeedIsAnother()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        var one = new EpisodeSampler(set, Form, seed: 1).Next();
        var other = new EpisodeSampler(set, Form, seed: 2).Next();
        Assert.NotEqual(one.Support.Select(image => image.Position), other.Support.Select(image => image.Position));
    }

    [Fact]
    public void Should_SayHowManyClassesThereAre_When_MoreWaysAreAskedFor()
    {
        using var set = TinySet.Of(classes: 4, perClass: 5);
        var error = Assert.Throws<FewShotException>(() => new EpisodeSampler(set, Form));
        Assert.Equal("tiny has 4 classes; 5 ways were asked for.", error.Message);
    }

    [Fact]
    public void Should_SayHowManyImagesThereAre_When_MoreShotsAndQueriesAreAskedFor()
    {
        using var set = TinySet.Of(classes: 5, perClass: 4);
        var error = Assert.Throws<FewShotException>(() => new EpisodeSampler(set, Form));
        Assert.Equal("tiny: class 'class 0' has 4 examples; 2 shots and 3 queries need 5.", error.Message);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(-1, 1, 1)]
    [InlineData(1, int.MaxValue, int.MaxValue)]
    public void Should_Refuse_When_ACountIsImpossible(int way, int shot, int query)
    {
        using var set = TinySet.Of(classes: 5, perClass: 4);
        Assert.Throws<FewShotException>(() => new EpisodeSampler(set, new EpisodeOptions(way, shot, query)));
    }

    private static void AssertEqual(Episode expected, Episode found)
    {
        Assert.Equal(expected.Classes, found.Classes);
        Assert.Equal(expected.Support, found.Support);
        Assert.Equal(expected.Query, found.Query);
    }
}
