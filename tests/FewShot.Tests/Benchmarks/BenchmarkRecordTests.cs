using FewShot.Benchmarks;

namespace FewShot.Tests.Benchmarks;

public class BenchmarkRecordTests
{
    private static readonly Measurement TwoParts = new(
        "32 tasks", "PyTorch 1.13.0", 5, new Dictionary<string, double> { ["1 shot"] = 2.8, ["5 shots"] = 2.7 });

    [Fact]
    public void Should_BeTheSmallest_When_ThereAreSeveralRatios() => Assert.Equal(2.7, TwoParts.Ratio);

    [Fact]
    public void Should_HoldEveryRatio_When_Recorded() =>
        Assert.Equal(TwoParts.Ratios, BenchmarkRecord.Of("omniglot-pytorch", TwoParts, 3).Results);

    [Fact]
    public void Should_NameRivalAndRounds_When_Recorded()
    {
        var options = BenchmarkRecord.Of("omniglot-pytorch", TwoParts, 3).Options;
        Assert.Equal("PyTorch 1.13.0", options["rival"].GetString());
        Assert.Equal(5, options["rounds"].GetInt32());
    }

    [Fact]
    public void Should_NameTheCommand_When_Recorded() =>
        Assert.EndsWith(
            "tests/FewShot.Benchmarks -- omniglot-pytorch --record",
            BenchmarkRecord.Of("omniglot-pytorch", TwoParts, 3).Command,
            StringComparison.Ordinal);

    [Fact]
    public void Should_StandInTheCourseRecords_When_ABenchmarkIsNamed() =>
        Assert.EndsWith(
            Path.Combine("data", "records", "benchmark-features.json"), BenchmarkRecord.PathOf("features"), StringComparison.Ordinal);
}
