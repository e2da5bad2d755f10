using FewShot.Data;
using FewShot.Episodes;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Tests.Episodes;

public class EpisodeTasksTests
{
    private static readonly EpisodeOptions Form = new(Way: 4, Shot: 1, Query: 2);

    [Fact]
    public void Should_HoldThePixelsAndLabelsOfTheEpisodes_When_Stacked()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var images = new EpisodeImages(set, torch.CPU);
        var episodes = new EpisodeSampler(set, Form).Next(3);

        using var batch = images.Batch(episodes);

        Assert.Equal([3, 4, 1, 1, 1], batch.SupportInputs.shape);
        Assert.Equal([3, 8, 1, 1, 1], batch.QueryInputs.shape);
        Assert.Equal(
            episodes.SelectMany(episode => episode.Support).Select(image => image.Position / 255f), batch.SupportInputs.data<float>());
        Assert.Equal(episodes.SelectMany(episode => episode.Query).Select(image => image.Position / 255f), batch.QueryInputs.data<float>());
        Assert.Equal(episodes.SelectMany(episode => episode.Support).Select(image => (long)image.Label), batch.SupportTargets.data<long>());
        Assert.Equal(episodes.SelectMany(episode => episode.Query).Select(image => (long)image.Label), batch.QueryTargets.data<long>());
    }

    [Fact]
    public void Should_DependOnTheIterationAlone_When_Drawn()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var source = new EpisodeTasks(set, Form, tasks: 3, device: torch.CPU);
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
        var list = EpisodeList.Draw(set, Form, 7);
        using var whole = images.Batch(list.Episodes);
        var batches = images.Batches(list, 3).ToArray();
        using var joined = TaskBatch.Concatenate(batches);
        Assert.Equal([3, 3, 1], batches.Select(batch => batch.Count));
        Assert.True(whole.QueryInputs.equal(joined.QueryInputs).all().item<bool>());
        foreach (var batch in batches)
            batch.Dispose();
    }

    [Fact]
    public void Should_MoveEachImageAndNoLabel_When_ImagesAreVaried()
    {
        using var set = Stripes();
        using var plain = new EpisodeTasks(set, Form, tasks: 3, device: torch.CPU);
        using var shifted = new EpisodeTasks(
            set, Form, tasks: 3, device: torch.CPU, augmentation: AugmentationOptions.None with { CropPadding = 2 });
        using var before = plain.Draw(6);
        using var after = shifted.Draw(6);

        Assert.True(before.SupportTargets.equal(after.SupportTargets).all().item<bool>());
        Assert.True(before.QueryTargets.equal(after.QueryTargets).all().item<bool>());
        foreach (var (original, moved) in new[] { (before.SupportInputs, after.SupportInputs), (before.QueryInputs, after.QueryInputs) })
        {
            Assert.Equal(original.shape, moved.shape);
            var shifts = Columns(moved).Zip(Columns(original), (to, from) => to - from).ToList();
            Assert.All(shifts, shift => Assert.InRange(shift, -2, 2));
            Assert.True(shifts.Distinct().Count() > 1);
        }
    }

    [Fact]
    public void Should_MoveImagesDifferently_When_TheIterationIsAnother()
    {
        using var set = Stripes();
        using var plain = new EpisodeTasks(set, Form, tasks: 3, device: torch.CPU);
        using var shifted = new EpisodeTasks(
            set, Form, tasks: 3, device: torch.CPU, augmentation: AugmentationOptions.None with { CropPadding = 2 });
        long[] Shifts(long iteration)
        {
            using var before = plain.Draw(iteration);
            using var after = shifted.Draw(iteration);
            return [.. Columns(after.QueryInputs).Zip(Columns(before.QueryInputs), (to, from) => to - from)];
        }

        Assert.NotEqual(Shifts(6), Shifts(7));
    }

    [Fact]
    public void Should_VaryByTheIterationAlone_When_ImagesAreVaried()
    {
        using var set = Stripes();
        using var source = new EpisodeTasks(
            set, Form, tasks: 3, device: torch.CPU, augmentation: AugmentationOptions.None with { RotationDegrees = 10 });
        using var first = source.Draw(6);
        source.Draw(0).Dispose();
        using var again = source.Draw(6);
        Assert.True(first.QueryInputs.equal(again.QueryInputs).all().item<bool>());
    }

    [Fact]
    public void Should_ShowImagesAsTheyAre_When_TheVariedIterationsAreOver()
    {
        using var set = Stripes();
        using var plain = new EpisodeTasks(set, Form, tasks: 3, device: torch.CPU);
        using var source = new EpisodeTasks(
            set, Form, tasks: 3, device: torch.CPU, augmentation: AugmentationOptions.None with { RotationDegrees = 10 }, augmented: 6);
        foreach (var iteration in new[] { 5, 6 })
        {
            using var expected = plain.Draw(iteration);
            using var found = source.Draw(iteration);
            Assert.Equal(iteration >= 6, expected.QueryInputs.equal(found.QueryInputs).all().item<bool>());
        }
    }

    [Fact]
    public void Should_BeOtherTasks_When_ImagesAreVaried()
    {
        using var set = Stripes();
        using var plain = new EpisodeTasks(set, Form, device: torch.CPU);
        using var still = new EpisodeTasks(set, Form, device: torch.CPU, augmentation: AugmentationOptions.None);
        using var turned = new EpisodeTasks(
            set, Form, device: torch.CPU, augmentation: AugmentationOptions.None with { RotationDegrees = 10 });
        Assert.Equal(plain.Identity, still.Identity);
        Assert.NotEqual(plain.Identity, turned.Identity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public void Should_KeepNoTensor_When_BatchesAreDisposed(double degrees)
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        using var source = new EpisodeTasks(
            set, Form, tasks: 3, device: torch.CPU, augmentation: AugmentationOptions.None with { RotationDegrees = degrees });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var i = 0; i < 5; i++)
            source.Draw(i).Dispose();
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_LeaveTheSetWhole_When_TheSourceIsDisposed()
    {
        using var set = TinySet.Of(classes: 9, perClass: 5);
        new EpisodeTasks(set, Form, device: torch.CPU).Dispose();
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
        var one = new EpisodeSampler(set, Form).Next();
        var other = new EpisodeSampler(set, new EpisodeOptions(Way: 2, Shot: 2, Query: 3)).Next();
        Assert.Throws<FewShotException>(() => images.Batch([one, other]));
    }

    /// <summary>Each image is black but for one white column, the sixth or the seventh.</summary>
    private static ImageSet Stripes()
    {
        using var scope = torch.NewDisposeScope();
        const int Classes = 9, PerClass = 5, Side = 12;
        var images = torch.zeros(Classes * PerClass, 1, Side, Side, torch.uint8);
        for (var i = 0; i < Classes * PerClass; i++)
            _ = images[i, 0].select(1, 5 + (i % 2)).fill_(255);
        return new ImageSet(
            "stripes",
            images,
            torch.arange(Classes * PerClass, torch.int64).remainder(Classes),
            [.. Enumerable.Range(0, Classes).Select(i => $"class {i}")]);
    }

    /// <summary>The column that is white, in the middle row of every image.</summary>
    private static long[] Columns(torch.Tensor images) => [.. images.select(-2, 6).argmax(-1).flatten().data<long>()];
}
