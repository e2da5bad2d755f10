using FewShot.Kernel.Notebooks;

namespace FewShot.Kernel.Tests.Notebooks;

public class StreamTextTests
{
    [Theory]
    [InlineData("plain\ntext\n", "plain\ntext\n")]
    [InlineData("10 %\r20 %\r30 %\n", "30 %\n")]
    [InlineData("first\n10 %\r20 %", "first\n20 %")]
    [InlineData("windows\r\nline\r\n", "windows\nline\n")]
    [InlineData("left\r", "left")]
    public void Should_KeepWhatATerminalShows_When_LineIsRewritten(string written, string kept)
    {
        var text = new StreamText("stdout");
        text.Append(written);
        Assert.Equal(kept, text.ToString());
    }

    [Fact]
    public void Should_RewriteTheLine_When_ReturnEndsThePieceBefore()
    {
        var text = new StreamText("stdout");
        text.Append("1\r");
        text.Append("2");
        Assert.Equal("2", text.ToString());
    }
}
