using FewShot.Course;
using FewShot.Data;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Course;

public class SketchPadTests
{
    [Fact]
    public void Should_PutTheOwnCharacterFirst_When_AnEpisodeIsSketched()
    {
        using var scope = torch.NewDisposeScope();
        using var set = new ImageSet(
            "white",
            torch.zeros([15, 1, 28, 28], torch.uint8),
            torch.arange(15, torch.int64).remainder(5),
            ["a", "b", "c", "d", "e"]);
        using var episode = SketchedEpisode.Draw(set, [[(20, 52), (85, 52)]]);

        Assert.Equal([1, 5, 1, 28, 28], episode.Task.SupportInputs.shape);
        Assert.Equal([0, 1, 2, 3, 4], episode.Task.SupportTargets[0].data<long>().Order());
        Assert.Equal(0, episode.Task.SupportTargets[0, 0].item<long>());
        Assert.Equal([0, 0, 0], episode.QueryClasses.Take(SketchedEpisode.OwnQueries));
        Assert.Equal([1, 1, 2, 2, 3, 3, 4, 4], episode.QueryClasses.Skip(SketchedEpisode.OwnQueries).Order());
        // Only the own drawings hold ink: the set is blank.
        var ink = episode.Pictures.sum([1, 2, 3], type: torch.int64).data<long>().ToArray();
        Assert.Equal(16, ink.Length);
        Assert.All(new[] { 0, 5, 6, 7 }, own => Assert.True(ink[own] > 0));
        Assert.Equal(4, ink.Count(sum => sum > 0));
    }

    [Fact]
    public void Should_MakeADrawingThatCanBeRead_When_Sketched()
    {
        using var folder = new TemporaryFolder();
        (double X, double Y)[][] strokes = [[(20, 52), (85, 52)]];
        SketchPad.Write(folder.At("one.png"), strokes);
        SketchPad.Write(folder.At("other.png"), strokes, wobble: 5, seed: 1);

        using var one = Drawing.Read(folder.At("one.png"), Omniglot.Side);
        using var other = Drawing.Read(folder.At("other.png"), Omniglot.Side);

        // A line across the middle, and paper above and below.
        Assert.True(one[0, 13, 14].item<byte>() + one[0, 14, 14].item<byte>() > 200);
        Assert.Equal(0, one[0].narrow(0, 0, 10).sum().item<long>() + one[0].narrow(0, 18, 10).sum().item<long>());
        Assert.False(one.equal(other).all().item<bool>());
    }
}
