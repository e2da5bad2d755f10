using FewShot.Runtime;

namespace FewShot.Tests.Runtime;

public class ProcessorTests
{
    [Fact]
    public void Should_NameTheFirstProcessor_When_LinuxListsSeveral() =>
        Assert.Equal(
            "AMD EPYC 9654",
            Processor.ModelIn(["processor\t: 0", "model name\t: AMD EPYC 9654", "processor\t: 1", "model name\t: another"]));

    [Fact]
    public void Should_BeNull_When_LinuxNamesNoModel() => Assert.Null(Processor.ModelIn(["processor\t: 0", "BogoMIPS\t: 50.00"]));

    [Theory]
    [InlineData("AMD EPYC 9654", 2, "AMD EPYC 9654, 2 cores")]
    [InlineData("AMD EPYC 9654", 1, "AMD EPYC 9654, 1 core")]
    [InlineData(null, 4, "unknown processor, 4 cores")]
    public void Should_SayNameAndCores_When_Described(string? model, int cores, string expected) =>
        Assert.Equal(expected, Processor.Describe(model, cores));
}
