using FewShot.Data;
using FewShot.Models.Weights;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Transfer;

namespace FewShot.Tests.Studies;

public sealed class StandInBackboneTests
{
    [Fact]
    public void Should_BeTheFileOfTheRecord_When_TheCommittedWeightsAreRead()
    {
        var path = Path.Combine(StandInBackbone.Folder, StandInBackbone.WeightsFile);
        var record = RunRecord.Read(Path.Combine(StandInBackbone.Folder, StandInBackbone.RecordFile));
        using var file = SafeTensors.Read(path);

        Assert.True(new FileInfo(path).Length < 2_000_000);
        Assert.Equal(record.WeightsDigest, file.Digest);
        Assert.Equal(Shapes.BaseClassNames, file.Metadata["classes"].Split('\n'));
    }

    [Fact]
    public void Should_SayThatItStandsIn_When_Loaded()
    {
        using var backbone = StandInBackbone.Load();

        Assert.True(backbone.IsStandIn);
        Assert.Contains("stand-in", backbone.Description, StringComparison.Ordinal);
        Assert.Equal(128, backbone.FeatureCount);
    }

    [Fact]
    public void Should_NameTheCommandThatMakesThem_When_TheWeightsAreMissing()
    {
        var error = Assert.Throws<FewShotException>(() => StandInBackbone.Load(Path.Combine(Path.GetTempPath(), "no-such-folder"), device: null));

        Assert.Contains(StandInBackbone.WeightsFile, error.Message, StringComparison.Ordinal);
        Assert.Contains(StandInBackbone.Command, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SucceedWhereRawPixelsFail_When_ClassesAreNovel()
    {
        using var novel = Shapes.DrawNovel(perClass: 25, seed: 5);
        using var backbone = StandInBackbone.Load();
        using var pixels = new RawPixels(Shapes.Side);
        using var features = FeatureBank.Extract(backbone, novel, StandInBackbone.Preprocessing);
        using var rows = FeatureBank.Extract(pixels, novel, StandInBackbone.Preprocessing);

        Assert.InRange(StandInEpisodes.Measure(rows, shot: 1, episodes: 200, seed: 0).Mean, 0.18, 0.3);
        Assert.InRange(StandInEpisodes.Measure(features, shot: 5, episodes: 200, seed: 0).Mean, 0.88, 1);
    }

    [Fact]
    public void Should_AgreeWithTheRecord_When_TheFeaturesAreMeasuredAgain()
    {
        var record = RunRecord.Read(Path.Combine(StandInBackbone.Folder, StandInBackbone.RecordFile));
        using var novel = Shapes.DrawNovel(StandInEvaluation.NovelPerClass, record.Seeds["weights and images"]);
        using var backbone = StandInBackbone.Load();
        using var features = FeatureBank.Extract(backbone, novel, StandInBackbone.Preprocessing);

        Assert.Equal(record.Data[novel.Name], novel.Digest);
        const string Figure = "features, nearest centroid, 5-way 5-shot";
        Assert.Equal(record.Results[Figure], StandInEpisodes.Measure(features, 5, (int)record.Results["episodes"], record.Seeds["weights and images"] + 1).Mean, 1e-3);
    }
}
