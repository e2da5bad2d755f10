using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class TextSetTests
{
    private static readonly TextSet Set = new("set", ["a", "b", "c", "d", "e", "f"], [0, 1, 0, 1, 2, 0], ["zero", "one", "two"]);

    [Fact]
    public void Should_KeepTheirOrder_When_TextsAreSelected()
    {
        var part = Set.Select([4, 0]);

        Assert.Equal(["e", "a"], part.Texts);
        Assert.Equal([2L, 0L], part.Labels);
    }

    [Fact]
    public void Should_NumberThemAnew_When_ClassesAreSelected()
    {
        var part = Set.SelectClasses(["two", "zero"]);

        Assert.Equal(["a", "c", "e", "f"], part.Texts);
        Assert.Equal([1L, 1L, 0L, 1L], part.Labels);
    }

    [Fact]
    public void Should_HoldBoth_When_TwoSetsOfTheSameClassesAreJoined()
    {
        var joined = Set.Select([4]).With(Set.Select([0, 1]));

        Assert.Equal(["e", "a", "b"], joined.Texts);
        Assert.Equal([2L, 0L, 1L], joined.Labels);
        _ = Assert.Throws<FewShotException>(() => Set.With(Set.SelectClasses(["two", "one", "zero"])));
    }

    [Fact]
    public void Should_HoldTheSmallerDraw_When_MoreTextsAreDrawn()
    {
        var few = Banking77.Train.Draw(3, seed: 5);
        var many = Banking77.Train.Draw(10, seed: 5);

        Assert.Equal(3 * 77, few.Length);
        Assert.Subset(many.ToHashSet(), few.ToHashSet());
        Assert.NotEqual(few, Banking77.Train.Draw(3, seed: 6));
        Assert.All(Banking77.Train.Select(many).Labels.CountBy(label => label), count => Assert.Equal(10, count.Value));
    }

    [Fact]
    public void Should_DifferInDigest_When_OneTextDiffers()
    {
        Assert.Equal(Set.Digest, Set.Select([0, 1, 2, 3, 4, 5], "other name").Digest);
        Assert.NotEqual(Set.Digest, Set.Select([1, 0, 2, 3, 4, 5]).Digest);
        Assert.NotEqual(
            new TextSet("x", ["ab", "c"], [0, 1], ["k", "l"]).Digest, new TextSet("x", ["a", "bc"], [0, 1], ["k", "l"]).Digest);
    }

    [Fact]
    public void Should_Refuse_When_AClassHasTooFewTexts()
    {
        var error = Assert.Throws<FewShotException>(() => Set.Draw(2, seed: 0));

        Assert.Contains("class 'two' has 1 texts, 2 are asked for", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheText_When_ItIsEmpty()
    {
        var error = Assert.Throws<FewShotException>(() => new TextSet("mine", ["a", " "], [0, 1], ["k", "l"]));

        Assert.Contains("text 1 is empty", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheLabel_When_ItIsOutside()
    {
        var error = Assert.Throws<FewShotException>(() => new TextSet("mine", ["a", "b"], [0, 2], ["k", "l"]));

        Assert.Contains("label 2 is outside 0..1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_HoldWhatWasPublished_When_Banking77IsRead()
    {
        Assert.Equal((10_003, 3_080, 77), (Banking77.Train.Count, Banking77.Test.Count, Banking77.Intents.Count));
        Assert.All(Banking77.Test.Labels.CountBy(label => label), count => Assert.Equal(40, count.Value));
        Assert.Equal(Banking77.Train.ClassNames, Banking77.Test.ClassNames);
        Assert.Equal("I am still waiting on my card?", Banking77.Train.Texts[0]);
        Assert.Equal("card_arrival", Banking77.Intents[(int)Banking77.Train.Labels[0]]);
    }
}
