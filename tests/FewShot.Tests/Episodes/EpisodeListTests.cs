using FewShot.Episodes;
using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Episodes;

public class EpisodeListTests
{
    private static readonly EpisodeOptions Form = new(Way: 3, Shot: 1, Query: 2);

    // From Golden/episode_list.py, which computes it apart from the library: a change of this number means that lists drawn before are no
    // longer drawn again.
    [Fact]
    public void Should_HaveTheSameDigestEverywhere_When_DrawnWithOneSeed()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        Assert.Equal("f8a4a6e987ba3a70285cb196512e625ef1262f82c472090fccbfd567c1de73fe", EpisodeList.Draw(set, Form, 10, seed: 1).Digest);
    }

    [Fact]
    public void Should_ComeBackUnchanged_When_WrittenAndRead()
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 9, perClass: 5);
        var list = EpisodeList.Draw(set, Form, 10, seed: 1);
        list.Write(folder.At("list.json"));

        var read = EpisodeList.Read(folder.At("list.json"), set);

        Assert.Equal(list.Digest, read.Digest);
        Assert.Equal(list.ToString(), read.ToString());
        Assert.All(list.Episodes.Zip(read.Episodes), pair =>
        {
            Assert.Equal(pair.First.Classes, pair.Second.Classes);
            Assert.Equal(pair.First.Support, pair.Second.Support);
            Assert.Equal(pair.First.Query, pair.Second.Query);
        });
    }

    [Fact]
    public void Should_NameBothSets_When_TheListIsOfAnother()
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var other = TinySet.Of(classes: 9, perClass: 6);
        EpisodeList.Draw(set, Form, 2).Write(folder.At("list.json"));
        var error = Assert.Throws<FewShotException>(() => EpisodeList.Read(folder.At("list.json"), other));
        Assert.Contains("was drawn from 'tiny'", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"seed\":0", "\"seed\":1", "was changed after it was written")]
    [InlineData("\"way\":3", "\"way\":4", "has 3 classes, 3 support and 6 query images")]
    [InlineData("\"shot\":1", "\"shot\":0", "at least one way, one shot and one query")]
    [InlineData("\"episodes\":[{", "\"episodes\":[null,{", "is null")]
    [InlineData("\"episodes\":[{", "\"more\":1,\"episodes\":[{", "is not a list of episodes")]
    [InlineData("{\"set\"", "[{\"set\"", "is not a list of episodes")]
    public void Should_SayWhatIsWrong_When_TheFileWasChanged(string from, string to, string expected)
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 9, perClass: 5);
        EpisodeList.Draw(set, Form, 2).Write(folder.At("list.json"));
        var text = File.ReadAllText(folder.At("list.json"));
        Assert.Contains(from, text, StringComparison.Ordinal);
        File.WriteAllText(folder.At("list.json"), text.Replace(from, to, StringComparison.Ordinal));

        var error = Assert.Throws<FewShotException>(() => EpisodeList.Read(folder.At("list.json"), set));

        Assert.StartsWith(folder.At("list.json"), error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1, 2 }, new[] { 9, 10, 11, 18, 19, 0 }, "holds an image twice")]
    [InlineData(new[] { 0, 1, 1 }, new[] { 0, 1, 2 }, new[] { 9, 10, 11, 18, 19, 20 }, "holds class 1 twice")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1, 3 }, new[] { 9, 10, 11, 18, 19, 20 }, "image 3, which is of none of its classes")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1, -2 }, new[] { 9, 10, 11, 18, 19, 20 }, "image -2, which is of none of its classes")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1, 45 }, new[] { 9, 10, 11, 18, 19, 20 }, "image 45, which is of none of its classes")]
    [InlineData(new[] { 0, 1, 2 }, new[] { 0, 1, 2 }, new[] { 9, 10, 27, 18, 19, 20 }, "not the same number of images of each class")]
    public void Should_SayWhatIsWrong_When_AnEpisodeIsImpossible(int[] classes, int[] support, int[] query, string expected)
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 9, perClass: 5);
        EpisodeList.Draw(set, Form, 1).Write(folder.At("list.json"));
        var text = File.ReadAllText(folder.At("list.json"));
        var episode =
            $"[{{\"classes\":[{string.Join(',', classes)}],\"support\":[{string.Join(',', support)}]," +
            $"\"query\":[{string.Join(',', query)}]}}]}}";
        File.WriteAllText(folder.At("list.json"), string.Concat(text.AsSpan(0, text.IndexOf("[{", StringComparison.Ordinal)), episode));

        var error = Assert.Throws<FewShotException>(() => EpisodeList.Read(folder.At("list.json"), set));

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissing()
    {
        using var folder = new TemporaryFolder();
        using var set = TinySet.Of(classes: 9, perClass: 5);
        var error = Assert.Throws<FewShotException>(() => EpisodeList.Read(folder.At("none.json"), set));
        Assert.Contains("none.json cannot be read", error.Message, StringComparison.Ordinal);
    }
}
