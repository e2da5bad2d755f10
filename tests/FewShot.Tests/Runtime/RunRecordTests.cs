using FewShot.Runtime;
using FewShot.Vision;

namespace FewShot.Tests.Runtime;

public sealed class RunRecordTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fewshot-record");

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private static RunRecord Example() => RunRecord.Capture("linear probe") with
    {
        Seed = 3,
        Seconds = 12.34,
        Data = new Dictionary<string, string> { ["CIFAR-10 test"] = "0123456789abcdef" },
        Weights = "ResNet-18",
        WeightsDigest = "fedcba9876543210",
        Options = RunRecord.OptionsFrom(new Preprocessing(64)),
        Results = new Dictionary<string, double> { ["accuracy"] = 0.767, ["worst"] = double.NaN },
    };

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void Should_ComeBackEqual_When_WrittenAndRead()
    {
        var record = Example();
        record.Write(PathOf("run.json"));
        var read = RunRecord.Read(PathOf("run.json"));
        Assert.Equal(record.ToString(), read.ToString());
        Assert.Equal(record.Made, read.Made);
        Assert.Equal(64, read.Options["size"].GetInt32());
        Assert.Equal(record.Results, read.Results);
    }

    [Fact]
    public void Should_NameFiguresAndSources_When_Printed()
    {
        var text = Example().ToString();
        Assert.StartsWith("linear probe: accuracy 0.767; worst NaN; seed 3; CIFAR-10 test 01234567; ResNet-18 fedcba98; ", text, StringComparison.Ordinal);
        Assert.Contains("12.3 s; commit ", text, StringComparison.Ordinal);
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
    public void Should_NameTheFile_When_ItIsMissing()
    {
        var error = Assert.Throws<FewShotException>(() => RunRecord.Read(PathOf("none.json")));
        Assert.Contains("none.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_OptionsAreNoObject() => Assert.Throws<FewShotException>(() => RunRecord.OptionsFrom(3));
}
