using FewShot.Episodes;
using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Episodes;

public class DirichletEpisodeTests
{
    private static readonly EpisodeOptions Form = new EpisodeOptions(Way: 3, Shot: 1, Query: 4).WithDirichletQueries();

    [Fact]
    public void Should_HaveTheBalancedNumberOfQueriesInAll_When_SharesAreDrawn()
    {
        using var set = TinySet.Of(classes: 6, perClass: 13);
        foreach (var episode in new EpisodeSampler(set, Form).Next(300))
        {
            Assert.Equal(12, episode.Query.Count);
            Assert.Equal(15, episode.Support.Concat(episode.Query).Select(image => image.Position).Distinct().Count());
            Assert.All(
                episode.Support.Concat(episode.Query),
                image => Assert.Equal(set.LabelValues[image.Position], episode.Classes[image.Label]));
            Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(1, episode.Support.Count(image => image.Label == label)));
        }
    }

    // The share of one of k classes has mean 1 / k and variance (k - 1) / (k^2 (k alpha + 1)). Rounding to counts of 1,000 moves it little.
    [Theory]
    [InlineData(5, 1)]
    [InlineData(5, 2)]
    [InlineData(3, 7)]
    public void Should_HaveTheMomentsOfADirichletDistribution_When_ManyAreDrawn(int classes, int alpha)
    {
        const int Draws = 20_000, Total = 1000;
        var shares = Enumerable.Range(0, Draws)
            .Select(draw => DirichletShares.Draw(new StableRandom(3, draw), classes, Total, alpha))
            .ToArray();
        Assert.All(shares, counts => Assert.Equal(Total, counts.Sum()));
        for (var label = 0; label < classes; label++)
        {
            var values = shares.Select(counts => (double)counts[label] / Total).ToArray();
            var mean = values.Average();
            Assert.Equal(1.0 / classes, mean, 0.005);
            var expected = (classes - 1.0) / (classes * classes * ((classes * alpha) + 1.0));
            Assert.Equal(1, values.Average(value => (value - mean) * (value - mean)) / expected, 0.05);
        }
    }

    [Fact]
    public void Should_ComeBackUnchanged_When_WrittenAndRead()
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 6, perClass: 13);
        var list = EpisodeList.Draw(set, Form, 10, seed: 1);
        list.Write(folder.At("list.json"));

        var read = EpisodeList.Read(folder.At("list.json"), set);

        Assert.Equal((list.Digest, list.Options), (read.Digest, read.Options));
        Assert.All(list.Episodes.Zip(read.Episodes), pair => Assert.Equal(pair.First.Query, pair.Second.Query));
        Assert.Contains("3-way 1-shot, 12 queries, shares of the classes from Dirichlet(2)", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_HaveAnotherDigest_When_OnlyTheKindOfQueriesDiffers()
    {
        using var set = TinySet.Of(classes: 6, perClass: 13);
        var episodes = EpisodeList.Draw(set, Form with { DirichletAlpha = null }, 4).Episodes;
        Assert.NotEqual(
            EpisodeList.Of(set, Form with { DirichletAlpha = null }, episodes, 0).Digest, EpisodeList.Of(set, Form, episodes, 0).Digest);
    }

    [Fact]
    public void Should_WriteNoWordOfIt_When_QueriesAreBalanced()
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 6, perClass: 13);
        EpisodeList.Draw(set, Form with { DirichletAlpha = null }, 2).Write(folder.At("list.json"));
        var text = File.ReadAllText(folder.At("list.json"));
        Assert.DoesNotContain("irichlet", text, StringComparison.Ordinal);
        Assert.StartsWith("{\"set\":\"tiny\",\"frame\":\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"dirichletAlpha\":2", "\"dirichletAlpha\":3", "was changed after it was written")]
    [InlineData("\"dirichletAlpha\":2", "\"dirichletAlpha\":0", "concentration")]
    [InlineData(",\"dirichletAlpha\":2", "", "not the same number of images of each class")]
    public void Should_SayWhatIsWrong_When_TheFileWasChanged(string from, string to, string expected)
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 6, perClass: 13);
        EpisodeList.Draw(set, Form, 2).Write(folder.At("list.json"));
        var text = File.ReadAllText(folder.At("list.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(folder.At("list.json"), text.Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<FewShotException>(() => EpisodeList.Read(folder.At("list.json"), set));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayHowManyImagesItNeeds_When_AClassCouldRunOut()
    {
        using var set = TinySet.Of(classes: 6, perClass: 12);
        var error = Assert.Throws<FewShotException>(() => new EpisodeSampler(set, Form));
        Assert.StartsWith(
            "tiny: class 'class 0' has 12 examples; 1 shots and 12 queries need 13.", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public void Should_Refuse_When_TheConcentrationIsImpossible(int alpha)
    {
        using var set = TinySet.Of(classes: 6, perClass: 13);
        Assert.Throws<FewShotException>(() => new EpisodeSampler(set, Form.WithDirichletQueries(alpha)));
    }

    [Fact]
    public void Should_Refuse_When_AnEpisodeOfAnotherSamplerHasALabelOfAnotherClass()
    {
        using var set = TinySet.Of(classes: 6, perClass: 13);
        var episode = EpisodeList.Draw(set, Form, 1).Episodes[0];
        var wrong = episode with { Classes = [.. episode.Classes.Reverse()] };
        var error = Assert.Throws<FewShotException>(() => EpisodeList.Of(set, Form, [wrong], 0));
        Assert.Contains("Episode 0 (counted from 0) gives image", error.Message, StringComparison.Ordinal);
    }
}
