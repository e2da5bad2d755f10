using FewShot.Episodes;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Episodes;

public class EpisodeTasksTests
{
    [Fact]
    public void Should_HoldThePixelsAndLabelsOfTheEpisodes_When_Stacked()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var images = new EpisodeImages(set, torch.CPU);
        var episodes = new EpisodeSampler(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2)).Next(3);

        using var batch = images.Batch(episodes);

        Assert.Equal([3, 4, 1, 1, 1], batch.SupportInputs.shape);
        Assert.Equal([3, 8, 1, 1, 1], batch.QueryInputs.shape);
        Assert.Equal(episodes.SelectMany(episode => episode.Support).Select(image => image.Position / 255f), batch.SupportInputs.data<float>());
        Assert.Equal(episodes.SelectMany(episode => episode.Query).Select(image => image.Position / 255f), batch.QueryInputs.data<float>());
        Assert.Equal(episodes.SelectMany(episode => episode.Support).Select(image => (long)image.Label), batch.SupportTargets.data<long>());
        Assert.Equal(episodes.SelectMany(episode => episode.Query).Select(image => (long)image.Label), batch.QueryTargets.data<long>());
    }

    [Fact]
    public void Should_DependOnTheIterationAlone_When_Drawn()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var source = new EpisodeTasks(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2), tasks: 3, device: torch.CPU);
        using var first = source.Draw(6);
        source.Draw(0).Dispose();
        using var again = source.Draw(6);
        using var next = source.Draw(7);
        Assert.True(first.SupportInputs.equal(again.SupportInputs).all().item<bool>());
        Assert.False(first.SupportInputs.equal(next.SupportInputs).all().item<bool>());
    }

    [Fact]
    public void Should_CutAListInItsOrder_When_BatchesAreAskedFor()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var images = new EpisodeImages(set, torch.CPU);
        var list = EpisodeList.Draw(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2), 7);
        using var whole = images.Batch(list.Episodes);
        var batches = images.Batches(list, 3).ToArray();
        using var joined = TaskBatch.Concatenate(batches);
        Assert.Equal([3, 3, 1], batches.Select(batch => batch.Count));
        Assert.True(whole.QueryInputs.equal(joined.QueryInputs).all().item<bool>());
        foreach (var batch in batches)
            batch.Dispose();
    }

    [Fact]
    public void Should_KeepNoTensor_When_BatchesAreDisposed()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var source = new EpisodeTasks(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2), tasks: 3, device: torch.CPU);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            source.Draw(i).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_LeaveTheSetWhole_When_TheSourceIsDisposed()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        new EpisodeTasks(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2), device: torch.CPU).Dispose();
        Assert.Equal(45, set.Images.shape[0]);
    }

    [Fact]
    public void Should_Refuse_When_AnEpisodeIsOfALargerSet()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var larger = TinySet.Of(classes: 9, perClass: 50);
        using var images = new EpisodeImages(set, torch.CPU);
        var episode = new EpisodeSampler(larger).Next();
        var error = Assert.Throws<FewShotException>(() => images.Batch([episode]));
        Assert.Contains("tiny has 45 images; an episode holds number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_EpisodesDifferInForm()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var images = new EpisodeImages(set, torch.CPU);
        var one = new EpisodeSampler(set, new EpisodeOptions(Way: 4, Shot: 1, Query: 2)).Next();
        var other = new EpisodeSampler(set, new EpisodeOptions(Way: 2, Shot: 2, Query: 3)).Next();
        Assert.Throws<FewShotException>(() => images.Batch([one, other]));
    }
}
