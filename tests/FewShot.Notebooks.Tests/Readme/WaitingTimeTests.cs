namespace FewShot.Notebooks.Tests.Readme;

public class WaitingTimeTests
{
    [Theory]
    [InlineData(8, "a few seconds")]
    [InlineData(22, "half a minute")]
    [InlineData(58, "1 minute")]
    [InlineData(89, "1 minute")]
    [InlineData(90, "2 minutes")]
    [InlineData(285, "5 minutes")]
    public void Should_SayWhatAReaderWaits_When_SecondsAreGiven(double seconds, string expected) =>
        Assert.Equal(expected, WaitingTime.Of(seconds));
}
