using FewShot.Data;
using FewShot.Episodes;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class CifarFsStudyTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(MetaMethod.Maml)]
    [InlineData(MetaMethod.PrototypicalNetwork)]
    public void Should_WriteWeightsThatScoreAsItsRecordSays_When_Run(MetaMethod method)
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var options = Tiny(method);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var made = CifarFsStudy.Run(split, folder.At("out"), folder.At("work"), options, cancel: Token);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        var name = CifarFsStudy.Name(options);
        Assert.Equal(made.Results, RunRecord.Read(MetaWeights.RecordPath(folder.At("out"), name)).Results);
        using var scope = torch.NewDisposeScope();
        using var learner = CifarFsStudy.Learner(options);
        learner.Load(MetaWeights.WeightsPath(folder.At("out"), name));
        var list = EpisodeList.Draw(split.Test, new EpisodeOptions(2, 1, 2), options.TestEpisodes, options.TestSeed);
        Assert.Equal(list.Digest, made.Data[OmniglotStudy.Episodes]);
        foreach (var judgement in OmniglotStudy.Judgements(method))
        {
            Assert.Equal(
                OmniglotStudy.Accuracy(made, judgement)!.Value.Value, OmniglotStudy.Evaluate(learner, split.Test, list, judgement).Mean);
        }
    }

    [Fact]
    public void Should_EndInTheSameWeights_When_StoppedByTheClockAndGoneOnWith()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var options = Tiny(MetaMethod.PrototypicalNetwork);
        var whole = CifarFsStudy.Run(split, folder.At("whole"), folder.At("work1"), options, cancel: Token);
        var part = CifarFsStudy.Run(
            split, folder.At("part"), folder.At("work2"), options, TimeSpan.FromTicks(1), judge: false, cancel: Token);
        var rest = CifarFsStudy.Run(split, folder.At("part"), folder.At("work2"), options, cancel: Token);
        Assert.True(TrainingAccount.Of(part).Run < options.Iterations);
        Assert.DoesNotContain(split.Test.Name, part.Data.Keys);
        Assert.Equal(whole.WeightsDigest, rest.WeightsDigest);
    }

    [Theory]
    [InlineData(MetaMethod.Maml, 1, 4, 5)]
    [InlineData(MetaMethod.Maml, 5, 2, 5)]
    [InlineData(MetaMethod.PrototypicalNetwork, 5, 1, 20)]
    public void Should_HaveThePublishedProtocol_When_AskedFor(MetaMethod method, int shot, int metaBatch, int trainWay)
    {
        var options = CifarFsStudyOptions.For(method, shot);
        Assert.Equal((shot, metaBatch, trainWay), (options.Shot, options.MetaBatch, options.TrainWay));
    }

    [Fact]
    public void Should_SayWhatIsTrained_When_TheMethodIsAnother()
    {
        Assert.Contains(
            "Maml and PrototypicalNetwork are trained",
            Assert.Throws<FewShotException>(() => CifarFsStudyOptions.For(MetaMethod.Anil, 1)).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "found Maml, 20 ways for 5",
            Assert.Throws<FewShotException>(() => CifarFsStudy.Learner(new() { Method = MetaMethod.Maml, TrainWay = 20 })).Message,
            StringComparison.Ordinal);
    }

    private static CifarFsStudyOptions Tiny(MetaMethod method) => new()
    {
        Method = method,
        Way = 2,
        TrainWay = method == MetaMethod.Maml ? 2 : 3,
        Queries = 2,
        Filters = 4,
        MetaBatch = 2,
        Iterations = 4,
        ValidateEvery = 2,
        ValidationEpisodes = 20,
        TestEpisodes = 3,
    };

    private static ClassSplit Split() => new(Set("training", 4), Set("validation", 3), Set("test", 3));

    private static ImageSet Set(string name, int classes) =>
        StripedImages.Make(name, classes, perClass: 6, noise: 60);
}
