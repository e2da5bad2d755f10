namespace FewShot.Notebooks.Tests.Readme;

public class ReadmeTextTests
{
    [Fact]
    public void Should_ReplaceWhatStandsBetweenTheMarks_When_APartIsGiven() =>
        Assert.Equal(
            "before\n<!-- a -->\nnew\n<!-- /a -->\nafter",
            ReadmeText.With("before\n<!-- a -->\nold\nlines\n<!-- /a -->\nafter", new Dictionary<string, string> { ["a"] = "new" }));

    [Theory]
    [InlineData("no marks")]
    [InlineData("<!-- /a --> the wrong way round <!-- a -->")]
    [InlineData("<!-- a --> never closed")]
    public void Should_Fail_When_TheMarksAreMissing(string text) =>
        Assert.Throws<InvalidDataException>(() => ReadmeText.With(text, new Dictionary<string, string> { ["a"] = "new" }));
}
