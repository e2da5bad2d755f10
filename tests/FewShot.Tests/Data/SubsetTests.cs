using FewShot.Data;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Data;

public class SubsetTests
{
    [Fact]
    public void Should_TakeTheFirstOfEachClass_When_AskedForTheFirst()
    {
        using var set = Set(0, 1, 1, 0, 2, 0, 2, 1);
        Assert.Equal([0, 1, 2, 3, 4, 6], Subset.First(set, 2));
    }

    [Fact]
    public void Should_GiveTheStoredPositions_When_DrawnBySeed()
    {
        // From a second implementation: Golden/stable_random.py.
        using var set = Set([.. Enumerable.Range(0, 30).Select(position => (long)position % 3)]);
        Assert.Equal([6, 9, 19, 20, 25, 26], Subset.Draw(set, 2, seed: 7));
    }

    [Fact]
    public void Should_GiveAnotherChoice_When_TheSeedChanges()
    {
        using var set = Set([.. Enumerable.Range(0, 300).Select(position => (long)position % 3)]);
        Assert.NotEqual(Subset.Draw(set, 10, seed: 1), Subset.Draw(set, 10, seed: 2));
    }

    [Fact]
    public void Should_HoldTheSmallerDraw_When_TheSeedIsTheSame()
    {
        using var set = Set([.. Enumerable.Range(0, 300).Select(position => (long)position % 3)]);
        Assert.Subset(Subset.Draw(set, 20, seed: 5).ToHashSet(), Subset.Draw(set, 10, seed: 5).ToHashSet());
    }

    [Fact]
    public void Should_NameTheClassAndItsCount_When_ThereAreTooFew()
    {
        using var set = Set(0, 1, 1, 0, 2, 0, 1);
        var error = Assert.Throws<FewShotException>(() => Subset.Draw(set, 3, seed: 1));
        Assert.Contains("'class 2' has 1 images, fewer than the 3", error.Message, StringComparison.Ordinal);
        Assert.Throws<FewShotException>(() => Subset.First(set, 3));
    }

    [Fact]
    public void Should_NameTheClass_When_ItHasNoImages()
    {
        using var set = Set(0, 2, 2, 0);
        var error = Assert.Throws<FewShotException>(() => Subset.First(set, 1));
        Assert.Contains("'class 1' has no images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SeparateEveryPosition_When_Split()
    {
        using var set = Set([.. Enumerable.Range(0, 300).Select(position => (long)position % 3)]);
        var chosen = Subset.Draw(set, 20, seed: 5);
        var (train, held) = Subset.Split(set, chosen, 5, seed: 5);
        Assert.Equal(chosen, train.Concat(held).Order());
        Assert.All(Enumerable.Range(0, 3), label => Assert.Equal(5, held.Count(position => set.LabelValues[(int)position] == label)));
    }

    [Fact]
    public void Should_GiveTheSameSplit_When_ThePositionsComeInAnotherOrder()
    {
        using var set = Set([.. Enumerable.Range(0, 300).Select(position => (long)position % 3)]);
        var chosen = Subset.Draw(set, 20, seed: 5);
        Assert.Equal(Subset.Split(set, chosen, 5, seed: 1).Held, Subset.Split(set, [.. chosen.Reverse()], 5, seed: 1).Held);
    }

    [Fact]
    public void Should_Refuse_When_TheSplitLeavesNothingToTrainOn()
    {
        using var set = Set(0, 0, 1, 1, 2, 2);
        var error = Assert.Throws<FewShotException>(() => Subset.Split(set, [0, 1, 2, 3, 4, 5], 2, seed: 1));
        Assert.Contains("'class 0' has 2 chosen images", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_APositionIsGivenTwice()
    {
        using var set = Set(0, 0, 1, 1, 2, 2);
        var error = Assert.Throws<FewShotException>(() => Subset.Split(set, [0, 1, 0], 1, seed: 1));
        Assert.Contains("position 0 is given twice", error.Message, StringComparison.Ordinal);
    }

    private static ImageSet Set(params long[] labels) =>
        new("test", torch.zeros([labels.Length, 3, 2, 2], torch.uint8), torch.tensor(labels), ["class 0", "class 1", "class 2"]);
}
