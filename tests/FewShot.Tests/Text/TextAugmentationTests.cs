using FewShot.Runtime;
using FewShot.Text;

namespace FewShot.Tests.Text;

public sealed class TextAugmentationTests : IDisposable
{
    private const string Question = "When will my new card arrive at my home address?";
    private readonly NearWords near = new(SharedEncoder.Value);

    [Fact]
    public void Should_FindWordsUsedAlike_When_AWordIsKnown()
    {
        Assert.Contains("cards", near.Of("card"));
        Assert.Contains("arrived", near.Of("arrive"));
        Assert.DoesNotContain("card", near.Of("card"));
        Assert.Empty(near.Of("xyzzyplugh"));
    }

    [Fact]
    public void Should_KeepTheNumberOfWords_When_OneIsReplaced()
    {
        var varied = Words(TextChange.Replace);

        Assert.Equal(Own.Length, varied.Length);
        var place = Assert.Single(Enumerable.Range(0, Own.Length), i => Own[i] != varied[i]);
        Assert.Contains(varied[place], near.Of(Own[place]));
    }

    [Fact]
    public void Should_AddANearWord_When_OneIsInserted()
    {
        var varied = Words(TextChange.Insert).ToList();

        Assert.Equal(Own.Length + 1, varied.Count);
        foreach (var word in Own)
            Assert.True(varied.Remove(word));
        Assert.Contains(varied[0], Own.SelectMany(near.Of));
    }

    [Fact]
    public void Should_KeepAllWords_When_TwoChangePlaces()
    {
        var varied = Words(TextChange.Swap);

        Assert.NotEqual(Own, varied);
        Assert.Equal(Own.Order(), varied.Order());
    }

    [Fact]
    public void Should_LeaveSomeWordsOut_When_TheyAreDeleted()
    {
        var all = Enumerable.Range(0, 400)
            .Select(seed => new TextAugmentation(near, new() { Share = 0.3 }).Vary(Question, TextChange.Delete, new StableRandom(seed)))
            .Select(text => (double)text.Split(' ').Length).ToList();

        // Ten words, of each of which 0.7 stay: 7 on average, with a standard error of 0.07.
        Assert.InRange(all.Average(), 6.7, 7.3);
    }

    [Fact]
    public void Should_KeepOneWord_When_AllWouldGo() =>
        Assert.Single(new TextAugmentation(near, new() { Share = 1 }).Vary("my card", TextChange.Delete, new StableRandom(0)).Split(' '));

    [Fact]
    public void Should_GiveTheSameCopies_When_TheSeedIsTheSame()
    {
        IReadOnlyList<IReadOnlyList<string>> Copies(long seed) =>
            new TextAugmentation(near, new() { Seed = seed }).Copies([Question, "a?"]);

        Assert.Equal(4, Copies(1).Count);
        Assert.Equal(Copies(1), Copies(1));
        Assert.NotEqual(Copies(1), Copies(2));
    }

    [Fact]
    public void Should_SayWhatIsAllowed_When_ASettingIsOutOfRange()
    {
        var error = Assert.Throws<FewShotException>(() => new TextAugmentation(near, new() { Share = 0 }));

        Assert.Contains("a share of the words above 0 to 1", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => near.Dispose();

    private static string[] Own => ["when", "will", "my", "new", "card", "arrive", "at", "my", "home", "address"];

    private string[] Words(TextChange change) =>
        new TextAugmentation(near, new() { Share = 0.1 }).Vary(Question, change, new StableRandom(3)).Split(' ');
}
