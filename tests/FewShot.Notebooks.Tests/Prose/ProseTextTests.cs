namespace FewShot.Notebooks.Tests.Prose;

public class ProseTextTests
{
    [Theory]
    [InlineData("a `--size 5` b", "")]
    [InlineData("```\n5\n```\nb", "")]
    [InlineData("$x^2$ is square", "")]
    [InlineData("[page](page-5.md) and <https://example.org/5>", "")]
    [InlineData("see [03](03-cifar10-subset.ipynb)", "")]
    [InlineData("see [04](03-cifar10-subset.ipynb)", "04")]
    [InlineData("see [solutions/03-cifar](solutions/03-cifar.ipynb)", "")]
    [InlineData("# 03 · CIFAR", "")]
    [InlineData("# 04 · CIFAR", "04")]
    [InlineData("1. one\n2. other", "")]
    [InlineData("we made\n500. And more", "500")]
    [InlineData("*Deep Learning*, CVPR 2016. E. Wilson, 1927", "")]
    [InlineData("the first 2000 images", "2000")]
    [InlineData("issue 1567", "1567")]
    [InlineData("ResNet-18, Conv4 and x64", "18 4 64")]
    [InlineData("**83.1 %** [82.8, 83.4] of 2,000", "83.1 82.8 83.4 2,000")]
    [InlineData("from -5 to 5, 1-40-40-1", "-5 5 1 40 40 1")]
    [InlineData("TorchSharp 0.107.0", "0.107.0")]
    [InlineData("they differ by ten points and more, twice as much, half of it", "ten twice half")]
    [InlineData("one step with two heads", "")]
    [InlineData("| a | 5 |\n|---|---|\n| b | 6 |", "5 6")]
    public void Should_ReadItsNumbers_When_APageIsMarkdown(string markdown, string numbers) =>
        Assert.Equal(numbers, string.Join(' ', ProseNumber.In(ProseText.Read(markdown, "03").Text).Select(number => number.Shown)));

    [Fact]
    public void Should_LeaveAPartOut_When_AnotherTestHoldsIt() =>
        Assert.Equal("a b <- 6 ->", ProseText.Read("a <!-- x -->5<!-- /x -->b <- 6 ->", held: ["x"]).Text);

    [Fact]
    public void Should_ReadAPart_When_NoTestHoldsIt() =>
        Assert.Equal("a 5b", ProseText.Read("a <!-- y -->5<!-- /y -->b", held: ["x"]).Text);

    [Fact]
    public void Should_PutAParagraphOnOneLine_When_ItIsWrapped() =>
        Assert.Equal("one two three\n\nfour", ProseText.Read("one *two*\n  three\n\nfour").Text);

    [Fact]
    public void Should_LeaveMarksOut_When_HeadingsAndListsBegin() =>
        Assert.Equal("Title\n\none two", ProseText.Read("## Title\n\n- one\n- two").Text);

    [Fact]
    public void Should_TellTheLine_When_LinesWereJoined()
    {
        var text = ProseText.Read("one\ntwo\n\n| 3 |\n| 4 |");
        Assert.Equal([2, 5], new[] { text.Line(text.Text.IndexOf("two", StringComparison.Ordinal)), text.Line(text.Text.IndexOf('4')) });
    }

    [Fact]
    public void Should_GiveTheWholeTable_When_AskedForItsParagraph()
    {
        var text = ProseText.Read("before\n\n| 3 |\n| 4 |\n\nafter");
        Assert.Equal("| 3 |\n| 4 |", text.Paragraph(text.Text.IndexOf('4')).Trim());
    }
}
