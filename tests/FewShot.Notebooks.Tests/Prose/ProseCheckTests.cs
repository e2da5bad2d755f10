namespace FewShot.Notebooks.Tests.Prose;

public class ProseCheckTests
{
    private const string Record = "data/records/r.json";

    private static readonly NumberSources Sources = new(
    [
        KeyValuePair.Create<string, IReadOnlyDictionary<string, double>>(Record, new Dictionary<string, double>
        {
            ["images"] = 2000,
            ["accuracy"] = 0.8314,
            ["accuracy, low"] = 0.828,
            ["accuracy, high"] = 0.834,
            ["error"] = 0.6123,
            ["probe | draw 0"] = 0.7,
            ["probe | draw 1"] = 0.8,
        }),
    ]);

    [Theory]
    [InlineData("rate of 0.001", "rate of 0.001")]
    [InlineData("**83.1 %** [82.8, 83.4]", "83.1 % [82.8, 83.4] <- data/records/r.json: accuracy")]
    [InlineData("83.1 % of 2,000", "83.1 % of 2,000 <- data/records/r.json: accuracy; images")]
    [InlineData("an error of 0.61", "error of 0.61 <- data/records/r.json: error")]
    [InlineData("75 % [11, 139]", "75 % [11, 139] <- data/records/r.json: probe | draws")]
    [InlineData("4,000 in all", "4,000 in all <- data/records/r.json: images + images")]
    [InlineData("takes 3.5 s", "3.5 s <- output: took 3.51 s")]
    [InlineData("Brigato: 58.2 %", "58.2 % <- published: FromScratchWith50Labels")]
    [InlineData("| Brigato | |\n| 58.2 % | |", "58.2 % <- published: FromScratchWith50Labels")]
    public void Should_FindNoFault_When_NumbersAreThoseOfTheirSource(string page, string list) => Assert.Empty(Faults(page, list));

    [Theory]
    [InlineData("rate of 0.002", "rate of 0.001", "line 1: nothing says where \"0.002\" comes from")]
    [InlineData("rate of 0.002", "rate of 0.001", "no longer says this")]
    [InlineData("differ by ten points", "", "nothing says where \"ten\" comes from")]
    [InlineData("45 images", "5 images", "\"45\"")]
    [InlineData("83.2 %", "83.2 % <- data/records/r.json: accuracy", "the source has 0.8314")]
    [InlineData("83.1 % [82.8, 83.5]", "83.1 % [82.8, 83.5] <- data/records/r.json: accuracy", "the source has 0.8314, 0.828, 0.834")]
    [InlineData("83.1 %", "83.1 % <- data/records/r.json: accuracies", "has no result \"accuracies\"")]
    [InlineData("4,000", "4,000 <- data/records/r.json: images + image", "has no result \"images + image\"")]
    [InlineData("83.1 %", "83.1 % <- data/records/s.json: accuracy", "there is no record data/records/s.json")]
    [InlineData("83.1 %", "83.1 %", "is a result")]
    [InlineData("takes 3.6 s", "3.6 s <- output: took 3.51 s", "the source has 3.51")]
    [InlineData("takes 3.4 s", "3.4 s <- output: took 3.41 s", "no cell printed")]
    [InlineData("58.2 %", "58.2 % <- published: FromScratchWith50Labels", "does not name Brigato")]
    [InlineData("Brigato.\n\n58.2 %", "58.2 % <- published: FromScratchWith50Labels", "does not name Brigato")]
    [InlineData("Brigato: 58.2 %", "58.2 % <- published: Somewhere", "has no Somewhere")]
    [InlineData("no number", "no number", "holds no number")]
    public void Should_SayWhatIsWrong_When_ANumberHasNoSuchSource(string page, string list, string fault) =>
        Assert.Contains(Faults(page, list), found => found.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void Should_GiveTheLineToAdd_When_ANumberIsUnknown() =>
        Assert.Contains(
            "\naccuracy of 83.1 % was <- data/records/r.json: accuracy",
            Assert.Single(Faults("We say that an accuracy of 83.1 % was reached here.", "")),
            StringComparison.Ordinal);

    [Theory]
    [InlineData("first 2,000 images", "first 2,000 images", true)]
    [InlineData("ten points", "ten points", true)]
    [InlineData("5-way 1-shot and 5-way 5-shot", "5-way 1-shot\n5-way 5-shot", false)]
    [InlineData("5-way 1-shot and 5-way 5-shot", "5-way 1-shot and 5-way 5-shot", true)]
    public void Should_NoticeEveryChangedDigit_When_NoOtherPhraseReadsSo(string page, string list, bool isNoticed)
    {
        var piece = new ProsePiece(string.Empty, page, string.Empty);
        var check = Check(list);
        Assert.Equal(isNoticed, ChangedDigit.All(piece).All(change => change.IsNoticed(check)));
    }

    private static List<string> Faults(string page, string list) =>
        [.. Check(list).Faults(new ProsePage("page", [new ProsePiece(string.Empty, page, string.Empty)], "it took 3.51 s\n"))];

    private static ProseCheck Check(string list) =>
        new(NumberList.Parse("list", list.Split('\n')), NumberList.Parse("everywhere", []), Sources);
}
