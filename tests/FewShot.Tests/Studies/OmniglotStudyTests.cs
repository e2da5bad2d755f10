using FewShot.Data;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class OmniglotStudyTests
{
    private static readonly OmniglotStudyOptions Tiny = new()
    {
        Way = 2,
        MetaBatch = 2,
        Iterations = 4,
        ValidateEvery = 2,
        ValidationEpisodes = 20,
        TestQueries = 2,
        TestEpisodes = 3,
    };

    [Theory]
    [InlineData(MetaMethod.Maml)]
    [InlineData(MetaMethod.FirstOrderMaml)]
    [InlineData(MetaMethod.Anil)]
    [InlineData(MetaMethod.PrototypicalNetwork)]
    public void Should_WriteWeightsThatScoreAsItsRecordSays_When_Run(MetaMethod method)
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var options = Tiny with { Method = method };

        var made = OmniglotStudy.Run(split, folder.At("out"), folder.At("work"), options, cancel: TestContext.Current.CancellationToken);

        var name = OmniglotStudy.Name(options);
        Assert.Equal(made.Results, RunRecord.Read(MetaWeights.RecordPath(folder.At("out"), name)).Results);
        Assert.Equal(
            [new TrainingPart(4, (long)made.Results["part 1, chosen iteration"], 2, made.Seconds)], TrainingAccount.Of(made).Parts);
        using var learner = OmniglotStudy.Learner(OmniglotStudy.Network(split.Train, 2), options);
        learner.Load(MetaWeights.WeightsPath(folder.At("out"), name));
        var list = OmniglotStudy.TestEpisodes(split.Test, options);
        foreach (var judgement in OmniglotStudy.Judgements(method))
            Assert.Equal(
                OmniglotStudy.Accuracy(made, judgement)!.Value.Value, OmniglotStudy.Evaluate(learner, split.Test, list, judgement).Mean);
        Assert.Contains(list.Digest, made.Data.Values);
        Assert.Equal(options.TestSeed, made.Seeds["test episodes"]);
        Assert.Contains("Judged once on 3 frozen episodes of test", made.Protocol, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_EndInTheSameWeights_When_StoppedByTheClockAndGoneOnWith()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var whole = OmniglotStudy.Run(split, folder.At("whole"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);

        var part = OmniglotStudy.Run(
            split, folder.At("part"), folder.At("work2"), Tiny, TimeSpan.FromTicks(1), cancel: TestContext.Current.CancellationToken);
        var rest = OmniglotStudy.Run(split, folder.At("part"), folder.At("work2"), Tiny, cancel: TestContext.Current.CancellationToken);

        Assert.True(TrainingAccount.Of(part).Run < 4);
        Assert.Equal(whole.WeightsDigest, rest.WeightsDigest);
        Assert.True(rest.Seconds > part.Seconds);
    }

    [Fact]
    public void Should_TellOfBothTrainings_When_StartedFromEarlierWeights()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var first = OmniglotStudy.Run(split, folder.At("out"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);
        var weights = MetaWeights.WeightsPath(folder.At("out"), OmniglotStudy.Name(Tiny));

        var second = OmniglotStudy.Run(
            split,
            folder.At("out"),
            folder.At("work2"),
            Tiny with { Seed = 5 },
            startFrom: weights,
            cancel: TestContext.Current.CancellationToken);
        var third = OmniglotStudy.Run(
            split, folder.At("third"), folder.At("work3"), Tiny, startFrom: weights, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(first.WeightsDigest, second.Data["starting weights"]);
        Assert.Equal(second.WeightsDigest, third.Data["starting weights"]);
        Assert.Single(TrainingAccount.Of(first).Parts);
        Assert.Equal(
            [.. TrainingAccount.Of(first).Parts, new(4, TrainingAccount.Of(second).Parts[1].Kept, 2, second.Seconds)],
            TrainingAccount.Of(second).Parts);
        Assert.Equal(TrainingAccount.Of(second).Parts, TrainingAccount.Of(third).Parts.Take(2));
        Assert.Equal(12, TrainingAccount.Of(third).Run);
    }

    [Fact]
    public void Should_LeaveTheTestCharactersAlone_When_AnotherTrainingGoesOn()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var part = OmniglotStudy.Run(
            split, folder.At("out"), folder.At("work"), Tiny, judge: false, cancel: TestContext.Current.CancellationToken);

        Assert.All(Judgement.All, judgement => Assert.Null(OmniglotStudy.Accuracy(part, judgement)));
        Assert.DoesNotContain(split.Test.Name, part.Data.Keys);
        Assert.DoesNotContain("test", part.Protocol, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Should_SayWhatTheTrainingSaid_When_WeightsAreJudgedLater()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var whole = OmniglotStudy.Run(split, folder.At("out"), folder.At("work"), Tiny, cancel: TestContext.Current.CancellationToken);
        var (weights, training) =
            (folder.At("out", "later.safetensors"), MetaWeights.RecordPath(folder.At("out"), OmniglotStudy.Name(Tiny)));
        File.Copy(MetaWeights.WeightsPath(folder.At("out"), OmniglotStudy.Name(Tiny)), weights);

        var later = OmniglotStudy.Judge(split, weights, training, Tiny);

        Assert.Equal("later.safetensors", later.Weights);
        Assert.Equal(whole.Seeds, later.Seeds);
        foreach (var judgement in Judgement.All)
            Assert.Equal(OmniglotStudy.Accuracy(whole, judgement), OmniglotStudy.Accuracy(later, judgement));
        Assert.Equal(TrainingAccount.Of(whole).Parts, TrainingAccount.Of(RunRecord.Read(folder.At("out", "later.json"))).Parts);
    }

    [Fact]
    public void Should_StartFromTheEarlierWeights_When_NothingIsLearned()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        _ = OmniglotStudy.Run(split, folder.At("out"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);
        var weights = MetaWeights.WeightsPath(folder.At("out"), OmniglotStudy.Name(Tiny));
        var still = Tiny with { Seed = 5, LearningRate = 0 };
        _ = OmniglotStudy.Run(
            split, folder.At("still"), folder.At("work2"), still, startFrom: weights, cancel: TestContext.Current.CancellationToken);

        using var learner = OmniglotStudy.Learner(OmniglotStudy.Network(split.Train, 2), Tiny);
        learner.Load(weights);
        using var expected = learner.MetaParameters.Flat.clone();
        learner.Load(MetaWeights.WeightsPath(folder.At("still"), OmniglotStudy.Name(still)));
        Assert.True(expected.equal(learner.MetaParameters.Flat).all().item<bool>());
    }

    [Fact]
    public void Should_Refuse_When_TheRecordIsOfOtherWeights()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        _ = OmniglotStudy.Run(split, folder.At("out"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);
        _ = OmniglotStudy.Run(
            split, folder.At("other"), folder.At("work2"), Tiny with { Seed = 5 }, cancel: TestContext.Current.CancellationToken);
        var (weights, name) = (MetaWeights.WeightsPath(folder.At("out"), OmniglotStudy.Name(Tiny)), OmniglotStudy.Name(Tiny));
        File.Copy(MetaWeights.RecordPath(folder.At("other"), name), MetaWeights.RecordPath(folder.At("out"), name), overwrite: true);

        var mixed = Assert.Throws<FewShotException>(
            () => OmniglotStudy.Run(
                split, folder.At("out"), folder.At("work3"), Tiny, startFrom: weights, cancel: TestContext.Current.CancellationToken));
        Assert.Contains("is the record of weights with SHA-256", mixed.Message, StringComparison.Ordinal);

        File.Delete(MetaWeights.RecordPath(folder.At("out"), name));
        var missing = Assert.Throws<FewShotException>(
            () => OmniglotStudy.Run(
                split, folder.At("out"), folder.At("work3"), Tiny, startFrom: weights, cancel: TestContext.Current.CancellationToken));
        Assert.Contains("must both be there", missing.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TrainOnMirroredCharactersToo_When_DrawingsAreVaried()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var plain = OmniglotStudy.Run(split, folder.At("plain"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);
        var varied = OmniglotStudy.Run(
            split,
            folder.At("varied"),
            folder.At("work2"),
            Tiny with { VariedIterations = 2 },
            cancel: TestContext.Current.CancellationToken);
        Assert.NotEqual(plain.WeightsDigest, varied.WeightsDigest);
        Assert.Equal(plain.Data, varied.Data);
        Assert.Equal(2, varied.Options["variedIterations"].GetInt64());
    }

    [Fact]
    public void Should_ChooseTheSame_When_TheTestCharactersAreOthers()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        using var other = new ClassSplit(Set("training", 4), Set("validation", 3), Noise("test", 3));

        var one = OmniglotStudy.Run(split, folder.At("one"), folder.At("work1"), Tiny, cancel: TestContext.Current.CancellationToken);
        var two = OmniglotStudy.Run(other, folder.At("two"), folder.At("work2"), Tiny, cancel: TestContext.Current.CancellationToken);

        Assert.Equal(one.WeightsDigest, two.WeightsDigest);
        foreach (var figure in new[] { "part 1, chosen iteration", "validation accuracy of the chosen" })
            Assert.Equal(one.Results[figure], two.Results[figure]);
        Assert.NotEqual(one.Results["transductive"], two.Results["transductive"]);
    }

    [Fact]
    public void Should_NormaliseAsItIsTold_When_Evaluated()
    {
        using var scope = torch.NewDisposeScope();
        using var images = Noise("noise", 3);
        var options = Tiny with { TestEpisodes = 20 };
        var list = OmniglotStudy.TestEpisodes(images, options);
        using var learner = (MetaLearner)OmniglotStudy.Learner(OmniglotStudy.Network(images, 2), options);
        using var source = new EpisodeImages(images);
        using var batch = source.Batch(list.Episodes);
        var found = new[] { Judgement.Transductive, Judgement.Inductive }.Select(judgement =>
        {
            var accuracies = OmniglotStudy.Evaluate(learner, images, list, judgement).Episodes;
            var expected = learner.Evaluate(batch, batchNorm: judgement.BatchNorm);
            Assert.Equal(expected.Accuracies[expected.Steps], accuracies);
            return accuracies;
        }).ToList();
        Assert.NotEqual(found[0], found[1]);
    }

    [Fact]
    public void Should_AskOneQueryOfEachClass_When_JudgedAsPublished()
    {
        using var scope = torch.NewDisposeScope();
        using var images = Noise("noise", 3);
        var list = OmniglotStudy.TestEpisodes(images, Tiny with { TestEpisodes = 20 });
        using var learner = (MetaLearner)OmniglotStudy.Learner(OmniglotStudy.Network(images, 2), Tiny);
        using var source = new EpisodeImages(images);
        using var batch = source.Batch(
            [.. list.Episodes.Select(episode => episode with { Query = [.. episode.Query.DistinctBy(image => image.Label)] })]);
        var expected = learner.Evaluate(batch, batchNorm: BatchNormMode.Transductive);

        var found = OmniglotStudy.Evaluate(learner, images, list, Judgement.TransductiveAsPublished);

        Assert.Equal(expected.Accuracies[expected.Steps], found.Episodes);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(25)]
    public void Should_Refuse_When_ValidationEpisodesDoNotFillBatches(int episodes)
    {
        var options = Tiny with { ValidationEpisodes = episodes };
        var error = Assert.Throws<FewShotException>(() => OmniglotStudy.Outer(options));
        Assert.Contains($"ValidationEpisodes is {episodes}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayThatAnswersAreInductive_When_APrototypicalNetworkIsTrainedOnMoreWays()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var options = Tiny with { Method = MetaMethod.PrototypicalNetwork, TrainWay = 3 };
        var made = OmniglotStudy.Run(split, folder.At("out"), folder.At("work"), options, cancel: TestContext.Current.CancellationToken);
        Assert.Contains("training, 3 ways an episode", made.Protocol, StringComparison.Ordinal);
        Assert.EndsWith(
            "inductive: each query by itself, with the running averages of the training.", made.Protocol, StringComparison.Ordinal);
        Assert.Null(OmniglotStudy.Accuracy(made, Judgement.Transductive));
        Assert.NotNull(OmniglotStudy.Accuracy(made, Judgement.Inductive));
    }

    [Fact]
    public void Should_Refuse_When_AHeadOfFixedSizeIsTrainedOnOtherWays()
    {
        using var images = Noise("noise", 3);
        Assert.Contains(
            "has a head for the 2 ways",
            Assert.Throws<FewShotException>(() => OmniglotStudy.TrainingTasks(images, Tiny with { TrainWay = 3 })).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_LeaveNoResult_When_Cancelled()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        Assert.Throws<OperationCanceledException>(
            () => OmniglotStudy.Run(split, folder.At("out"), folder.At("work"), Tiny, cancel: new CancellationToken(canceled: true)));
        Assert.False(Directory.Exists(folder.At("out")));
    }

    [Fact]
    public void Should_KeepNoTensor_When_Run()
    {
        using var folder = new TemporaryFolder();
        using var split = Split();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = OmniglotStudy.Run(split, folder.At("out"), folder.At("work"), Tiny, cancel: TestContext.Current.CancellationToken);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ClassSplit Split() => new(Set("training", 4), Set("validation", 3), Set("test", 3));

    /// <summary>Images of random pixels, from which nothing can be learned.</summary>
    private static ImageSet Noise(string name, int classes)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(2, torch.CPU);
        var labels = torch.arange(6 * classes, torch.int64).remainder(classes);
        return new ImageSet(
            name,
            torch.randint(0, 255, [6 * classes, 1, 16, 16], torch.uint8, generator: generator),
            labels,
            [.. Enumerable.Range(0, classes).Select(i => $"{name} {i}")]);
    }

    /// <summary>Images of classes with a bright column each, plus noise.</summary>
    private static ImageSet Set(string name, int classes)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new torch.Generator(1, torch.CPU);
        const int PerClass = 6;
        var images = torch.randint(0, 60, [classes * PerClass, 1, 16, 16], torch.uint8, generator: generator);
        var labels = torch.arange(classes * PerClass, torch.int64).remainder(classes);
        for (var i = 0; i < classes * PerClass; i++)
            _ = images[i, 0].select(1, 3 * (i % classes)).fill_(255);
        return new ImageSet(name, images, labels, [.. Enumerable.Range(0, classes).Select(i => $"{name} {i}")]);
    }
}
