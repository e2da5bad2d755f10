using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Metric;
using FewShot.Tests.Data;
using FewShot.Tests.Meta;
using TorchSharp;

namespace FewShot.Tests.Metric;

public class MetricTrainingTests
{
    private static readonly MetaTrainerOptions Options = new()
    {
        Iterations = 6,
        ReportEvery = 2,
        CheckpointEvery = 3,
        ValidationBatches = 2,
        LearningRate = 0.01,
    };

    public static TheoryData<string> Learners => [.. MetricTasks.Learners.Select(row => row.Data), "Baseline", "BaselinePlusPlus"];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_EndInTheSameBits_When_StoppedAndResumed(string name)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("checkpoint");
        using var whole = Learner(name);
        using (var trainer = Trainer(whole))
        {
            _ = trainer.Advance(6, null, Token);
            trainer.Save(path + " whole");
        }

        using (var half = Learner(name))
        using (var trainer = Trainer(half))
        {
            _ = trainer.Advance(3, null, Token);
            trainer.Save(path);
        }

        using var resumed = Learner(name);
        using (var trainer = Trainer(resumed))
        {
            trainer.Load(path);
            _ = trainer.Advance(6, null, Token);
            trainer.Save(path);
        }

        Assert.Equal(File.ReadAllBytes(path + " whole"), File.ReadAllBytes(path));
        using var untrained = Learner(name);
        Assert.True(MetaTasks.RelativeDifference(whole.MetaParameters.Flat, untrained.MetaParameters.Flat) > 1e-3);
    }

    [Theory]
    [MemberData(nameof(Learners))]
    public void Should_KeepNoTensor_When_AnIterationIsOver(string name)
    {
        var start = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (torch.NewDisposeScope())
        using (var learner = Learner(name))
        using (var trainer = Trainer(learner))
        {
            _ = trainer.Advance(1, null, Token);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            _ = trainer.Advance(3, null, Token);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }

        Assert.Equal(start, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    /// <summary>The weights of one moment with the running averages of another would answer otherwise than validation heard.</summary>
    [Fact]
    public void Should_TakeTheRunningAveragesOfTheBestWeights_When_Finished()
    {
        using var learner = Learner("Euclidean");
        // So large a rate that later weights are other ones, and worse.
        using var trainer = new MetaTrainer(learner, new Drawn(0), new Drawn(100), Options with { LearningRate = 0.5, ReportEvery = 1 });
        _ = trainer.Run(cancel: Token);
        Assert.NotEqual(Options.Iterations, trainer.Best!.Iteration);
        using var first = new Drawn(100).Draw(0);
        using var second = new Drawn(100).Draw(1);
        var result = MetaResult.Concatenate([learner.Evaluate(first), learner.Evaluate(second)]);
        Assert.Equal(trainer.Best.ValidationAccuracy, result.Accuracy(0));
        Assert.Equal(trainer.Best.ValidationLoss, result.Loss(0));
    }

    [Fact]
    public void Should_AnswerTheSame_When_SavedAndLoaded()
    {
        using var folder = new TemporaryFolder();
        using var scope = torch.NewDisposeScope();
        using var learner = Learner("Cosine");
        using (var trainer = Trainer(learner))
            _ = trainer.Run(cancel: Token);
        learner.Save(folder.At("weights"));
        using var loaded = Learner("Cosine");
        loaded.Load(folder.At("weights"));
        using var tasks = MetricTasks.Tasks(dtype: torch.ScalarType.Float32);
        Assert.Equal(learner.Predict(tasks).data<float>().ToArray(), loaded.Predict(tasks).data<float>().ToArray());
    }

    private static MetricLearner Learner(string name) => MetricTasks.Learner(name, torch.ScalarType.Float32);

    private static MetaTrainer Trainer(EpisodicLearner learner) => new(learner, new Drawn(0), new Drawn(100), Options);

    private sealed class Drawn(int seed) : ITaskSource
    {
        public string Identity => $"random, seed {seed}";

        public TaskBatch Draw(long iteration) =>
            MetricTasks.Tasks(seed: (ulong)(seed + iteration + 1), dtype: torch.ScalarType.Float32);
    }
}
