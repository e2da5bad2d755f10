namespace FewShot.Notebooks.Tests.Prose;

/// <summary>
/// No number of the course's pages stands there by itself: each comes from a record, an output or a publication, or is a reviewed setting.
/// </summary>
public class ProseNumberTests
{
    private static readonly NumberList Everywhere = NumberList.Of(NumberList.Everywhere);

    public static TheoryData<string> Pages => [.. ProsePage.All.Keys];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Should_KnowEveryNumber_When_APageIsRead(string name)
    {
        var faults = Check(name).Faults(ProsePage.All[name]).ToList();
        Assert.True(faults.Count == 0, $"{faults.Count} faults.\n{string.Join('\n', faults)}");
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Should_NoticeTheNumber_When_AnyOneDigitIsChanged(string name)
    {
        var check = Check(name);
        var missed = ProsePage.All[name].Pieces
            .SelectMany(piece => ChangedDigit.All(piece)
                .Where(change => !change.IsNoticed(check))
                .Select(change => $"{name}{piece.Where}, {change}"))
            .ToList();
        Assert.True(missed.Count == 0, string.Join('\n', missed));
    }

    [Fact]
    public void Should_BeOnAPage_When_APhraseIsListedForAll() =>
        Assert.All(Everywhere.Entries, entry => Assert.Contains(
            ProsePage.All.Values.SelectMany(page => page.Pieces), piece => entry.Places(piece.Prose.Text).Any()));

    private static ProseCheck Check(string name) => new(NumberList.Of(name), Everywhere, NumberSources.OfTheCourse);
}
