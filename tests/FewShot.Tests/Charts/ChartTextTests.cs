using FewShot.Charts;

namespace FewShot.Tests.Charts;

public class ChartTextTests
{
    [Theory]
    [InlineData("a < b & c > d")]
    [InlineData("&lt; <br> <b>")]
    public void Should_Come_Back_As_Written_When_Escaped_Text_Is_Read(string text)
        => Assert.Equal(text, ChartText.Plain(ChartText.Escape(text)));

    [Fact]
    public void Should_Keep_Lines_And_Drop_Tags_When_Markup_Is_Read()
        => Assert.Equal("Title\nnote 1 < 2", ChartText.Plain("<b>Title</b><br><span style=\"x\">note 1 &lt; 2</span>"));

    [Fact]
    public void Should_Break_Between_Words_When_A_Line_Is_Too_Long()
        => Assert.Equal(["one two", "three", "incomprehensible", "four"], ChartText.Wrap("one two three incomprehensible four", 9));
}
