using FewShot.Meta;
using FewShot.Runtime;
using FewShot.Tests.Data;

namespace FewShot.Tests.Runtime;

public sealed class RunRecordTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fewshot-record");

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private static RunRecord Example() => RunRecord.Capture("linear probe") with
    {
        Command = "dotnet run -- study",
        Protocol = "Trained on some, judged on others.",
        WorkingTree = "clean",
        Seeds = new Dictionary<string, long> { ["draw"] = 3 },
        Seconds = 12.34,
        Data = new Dictionary<string, string> { ["CIFAR-10 test"] = "0123456789abcdef" },
        Weights = "ResNet-18",
        WeightsDigest = "fedcba9876543210",
        Options = RunRecord.OptionsFrom(new MetaTrainerOptions { Schedule = LearningRateSchedule.Cosine }),
        Results = new Dictionary<string, double> { ["accuracy"] = 0.767, ["worst"] = double.NaN },
    };

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Should_ComeBackEqual_When_KeptAsText()
    {
        var record = RunRecord.Capture("a test") with { Results = new Dictionary<string, double> { ["accuracy"] = 0.5 } };
        Assert.Equal(record.ToJson(), RunRecord.Parse(record.ToJson(), "a text").ToJson());
        var error = Assert.Throws<FewShotException>(() => RunRecord.Parse("{}", "the text of a test"));
        Assert.StartsWith("the text of a test is not a run record", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_ComeBackEqual_When_WrittenAndRead()
    {
        var record = Example();
        record.Write(PathOf("run.json"));
        var read = RunRecord.Read(PathOf("run.json"));
        Assert.Equal(record.ToString(), read.ToString());
        Assert.Equal(record.Made, read.Made);
        Assert.Equal(record.Command, read.Command);
        Assert.Equal(record.Protocol, read.Protocol);
        Assert.Equal(record.WorkingTree, read.WorkingTree);
        Assert.Equal(record.Seeds, read.Seeds);
        Assert.Equal(record.Packages, read.Packages);
        Assert.Equal(record.Results, read.Results);
    }

    [Fact]
    public void Should_NameFiguresAndSources_When_Printed()
    {
        var text = Example().ToString();
        Assert.StartsWith(
            "linear probe: accuracy 0.767; worst NaN; seed of draw 3; CIFAR-10 test 01234567; ResNet-18 fedcba98; ",
            text,
            StringComparison.Ordinal);
        Assert.Contains("12.3 s; commit ", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameWhatComputed_When_Captured()
    {
        var record = RunRecord.Capture("now");
        Assert.Equal(
            ["libtorch", "MathNet.Numerics", "SkiaSharp", "TorchSharp"],
            record.Packages.Keys.Order(StringComparer.OrdinalIgnoreCase));
        Assert.All(record.Packages.Values, version => Assert.Matches(@"^\d+\.\d+\.\d+", version));
        Assert.Contains(record.WorkingTree, new[] { "clean", "changed", "unknown" });
        // The build reads the commit without git; only git says whether the sources are those of the commit.
        if (record.Commit == "unknown")
            Assert.Equal("unknown", record.WorkingTree);
        Assert.Null(record.Command);
    }

    [Fact]
    public void Should_SayChanged_When_TheSourcesWereNotThoseOfTheCommit()
    {
        Assert.EndsWith(", changed", (Example() with { WorkingTree = "changed" }).ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("changed", Example().ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_WriteNames_When_OptionsAreEnums() =>
        Assert.Equal(
            "Cosine",
            RunRecord.OptionsFrom(new MetaTrainerOptions { Schedule = LearningRateSchedule.Cosine })["schedule"].GetString());

    [Fact]
    public void Should_SaySo_When_AnOlderRecordHoldsLess()
    {
        File.WriteAllText(
            PathOf("old.json"),
            """{ "name": "old", "made": "2026-01-01T00:00:00Z", "library": "1", "commit": "abc", "torchSharp": "0.1", "dotNet": "9", "platform": "x", "device": "cpu", "threads": 1, "seed": 4 }""");
        var old = RunRecord.Read(PathOf("old.json"));
        Assert.Equal(RunRecord.NotRecorded, old.WorkingTree);
        Assert.Null(old.Command);
        Assert.Empty(old.Seeds);
        Assert.Empty(old.Packages);
    }

    [Theory]
    [InlineData("{ \"name\": \"half")]
    [InlineData("{ \"name\": \"no versions\" }")]
    [InlineData("null")]
    [InlineData("[1]")]
    public void Should_NameTheFile_When_ItIsNoRecord(string content)
    {
        File.WriteAllText(PathOf("bad.json"), content);
        var error = Assert.Throws<FewShotException>(() => RunRecord.Read(PathOf("bad.json")));
        Assert.Contains("bad.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhatToDo_When_ItCannotBeWritten()
    {
        using var folder = new TemporaryFolder();
        var path = Path.Combine(folder.Write("file", [1]), "record.json");
        var error = Assert.Throws<FewShotException>(() => RunRecord.Capture("test").Write(path));
        Assert.StartsWith($"{path} cannot be written: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_ItIsMissing()
    {
        var error = Assert.Throws<FewShotException>(() => RunRecord.Read(PathOf("none.json")));
        Assert.Contains("none.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_OptionsAreNoObject() => Assert.Throws<FewShotException>(() => RunRecord.OptionsFrom(3));
}
