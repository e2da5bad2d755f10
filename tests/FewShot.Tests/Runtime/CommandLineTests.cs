using FewShot.Runtime;

namespace FewShot.Tests.Runtime;

public class CommandLineTests
{
    [Fact]
    public void Should_BeWhatAReaderTypes_When_ArgumentsAreGiven() =>
        Assert.Equal(
            "dotnet run -c Release --project src/FewShot.Kernel -- train-meta omniglot --method anil",
            CommandLine.Of(["train-meta", "omniglot", "--method", "anil"], _ => null));

    [Theory]
    [InlineData("my folder", "'my folder'")]
    [InlineData("it's", @"'it'\''s'")]
    [InlineData("", "''")]
    public void Should_QuoteAWord_When_AShellWouldTakeItApart(string word, string quoted) =>
        Assert.EndsWith($" -- study --output {quoted}", CommandLine.Of(["study", "--output", word], _ => null), StringComparison.Ordinal);

    [Fact]
    public void Should_NameTheVariablesThatChoose_When_TheyAreSet()
    {
        var set = new Dictionary<string, string> { ["FEWSHOT_BACKBONE"] = "resnet18", ["FEWSHOT_DATA"] = "/somewhere" };
        var command = CommandLine.Of(["study"], set.GetValueOrDefault);
        Assert.Equal("FEWSHOT_BACKBONE=resnet18 dotnet run -c Release --project src/FewShot.Kernel -- study", command);
    }
}
