using System.Globalization;
using FewShot.Episodes;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Meta;

public class MetaTrainerTests
{
    private static readonly MetaTrainerOptions Options = new()
    {
        Iterations = 6,
        ReportEvery = 2,
        CheckpointEvery = 3,
        ValidationBatches = 2,
        LearningRate = 0.01,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("maml")]
    [InlineData("maml++")]
    [InlineData("anil")]
    [InlineData("meta-sgd")]
    [InlineData("reptile")]
    public void Should_EndInTheSameBits_When_StoppedAndResumed(string method)
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("checkpoint");
        var options = method == "reptile"
            ? Options with { Optimizer = OuterOptimizer.Sgd, LearningRate = 1, Schedule = LearningRateSchedule.Linear }
            : Options;
        using var whole = Learner(method);
        using (var trainer = Trainer(whole, options))
        {
            _ = trainer.Advance(6, null, Token);
            trainer.Save(path + " whole");
        }

        using (var half = Learner(method))
        using (var trainer = Trainer(half, options))
        {
            _ = trainer.Advance(3, null, Token);
            trainer.Save(path);
        }

        using var resumed = Learner(method);
        using (var trainer = Trainer(resumed, options))
        {
            trainer.Load(path);
            Assert.Equal(3, trainer.Iteration);
            _ = trainer.Advance(6, null, Token);
            Assert.Equal(6, trainer.Iteration);
            trainer.Save(path);
        }

        // The files must be equal as a whole: weights, running averages, best weights, position and history.
        Assert.Equal(File.ReadAllBytes(path + " whole"), File.ReadAllBytes(path));
        using var untrained = Learner(method);
        Assert.True(MetaTasks.RelativeDifference(whole.MetaParameters.Flat, untrained.MetaParameters.Flat) > 1e-3);
    }

    [Fact]
    public void Should_WarnOnceAndTrainOn_When_TheCheckpointCannotBeWritten()
    {
        using var heard = new HeardWarnings();
        using var learner = Learner("maml");
        using var trainer = Trainer(learner, Options);
        Assert.NotEmpty(trainer.Run(Path.Combine(heard.BlockedFolder, "checkpoint"), cancel: Token));
        Assert.Equal(6, trainer.Iteration);
        Assert.Contains("Training goes on", Assert.Single(heard.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TrainAllTheSame_When_GradientsAreSwitchedOff()
    {
        using var expected = Learner("maml");
        using (var trainer = Trainer(expected, Options))
            _ = trainer.Run(cancel: Token);
        using var noGradient = torch.no_grad();
        using var found = Learner("maml");
        using (var trainer = Trainer(found, Options))
            _ = trainer.Run(cancel: Token);
        Assert.Equal(expected.MetaParameters.Flat.data<float>().ToArray(), found.MetaParameters.Flat.data<float>().ToArray());
    }

    [Fact]
    public void Should_RefuseACheckpoint_When_TheTasksAreOthers()
    {
        using var folder = new TemporaryFolder();
        var path = folder.At("checkpoint");
        using var learner = Learner("maml");
        using var trainer = Trainer(learner, Options);
        trainer.Save(path);
        using var other = new MetaTrainer(learner, new Drawn(learner.Model, 7), new Drawn(learner.Model, 100), Options);
        Assert.Contains(
            "another learner, other first weights, tasks or settings",
            Assert.Throws<FewShotException>(() => other.Load(path)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Should_TakeTheBestWeights_When_Finished()
    {
        using var folder = new TemporaryFolder();
        using var learner = Learner("maml");
        using var trainer = Trainer(learner, Options);
        var history = trainer.Run(folder.At("checkpoint"), null, Token);
        Assert.Equal([2L, 4, 6], history.Select(point => point.Iteration));
        var best = history.Max(point => point.ValidationAccuracy);
        var source = new Drawn(learner.Model, 100);
        using var first = source.Draw(0);
        using var second = source.Draw(1);
        var result = MetaResult.Concatenate([learner.Evaluate(first), learner.Evaluate(second)]);
        Assert.Equal(best, result.Accuracy(result.Steps));
        Assert.Equal(best, trainer.Best!.ValidationAccuracy);
    }

    [Fact]
    public void Should_LowerTheLoss_When_Trained()
    {
        var model = new Mlp(3, 16, 2);
        using var initial = MetaTasks.Weights(model, dtype: torch.ScalarType.Float32);
        using var learner = new Maml(model, initial, new MamlOptions { InnerLearningRate = 0.05 });
        using var trainer = new MetaTrainer(
            learner, new Same(model), options: new MetaTrainerOptions { Iterations = 200, LearningRate = 0.01 });
        var before = trainer.Advance(1, null, Token);
        _ = trainer.Advance(198, null, Token);
        Assert.True(trainer.Advance(1, null, Token) < 0.2 * before);
    }

    [Theory]
    [InlineData(LearningRateSchedule.Constant, new[] { 1, 1, 1, 1.0 })]
    [InlineData(LearningRateSchedule.Linear, new[] { 1, 0.75, 0.5, 0.25 })]
    [InlineData(LearningRateSchedule.Cosine, new[] { 1, 0.8535533905932737, 0.5, 0.14644660940672624 })]
    public void Should_TakeTheStepOfTheSchedule_When_AdvancedByOne(LearningRateSchedule schedule, double[] shares)
    {
        using var scope = torch.NewDisposeScope();
        var model = new Mlp(3, 4, 2);
        using var initial = MetaTasks.Weights(model, dtype: torch.ScalarType.Float32);
        using var learner = new Maml(model, initial);
        using var trainer = new MetaTrainer(
            learner,
            new Same(model),
            options: Options with { Iterations = 4, Optimizer = OuterOptimizer.Sgd, LearningRate = 0.2, Schedule = schedule });
        using var tasks = new Same(model).Draw(0);
        foreach (var share in shares)
        {
            using var gradient = learner.Gradient(tasks);
            var expected = learner.MetaParameters.Flat - (gradient.Gradient * (0.2 * share));
            _ = trainer.Advance(1, null, Token);
            Assert.InRange(MetaTasks.RelativeDifference(learner.MetaParameters.Flat, expected), 0, 1e-6);
        }
    }

    [Theory]
    [InlineData("maml")]
    [InlineData("reptile")]
    public void Should_Resume_When_TheLanguageWritesNumbersOtherwise(string method)
    {
        using var folder = new TemporaryFolder();
        using var learner = Learner(method);
        using (var trainer = Trainer(learner, Options))
        {
            _ = trainer.Advance(2, null, Token);
            trainer.Save(folder.At("checkpoint"));
        }

        // German, Swedish and Persian write numbers with some of these signs; the tests run without such cultures, so one is made here.
        var before = CultureInfo.CurrentCulture;
        var other = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (other.NumberFormat.NumberDecimalSeparator, other.NumberFormat.NegativeSign, other.NumberFormat.NumberGroupSeparator) =
            (",", "\u2212", ".");
        try
        {
            CultureInfo.CurrentCulture = other;
            using var again = Learner(method);
            using var trainer = Trainer(again, Options);
            trainer.Load(folder.At("checkpoint"));
            Assert.Equal(2, trainer.Iteration);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Should_KeepNoTensor_When_AnIterationIsOver()
    {
        foreach (var method in new[] { "maml", "maml++", "anil", "meta-sgd", "reptile" })
        {
            using var learner = Learner(method);
            using var trainer = Trainer(learner, Options);
            _ = trainer.Advance(1, null, Token);
            var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            _ = trainer.Advance(3, null, Token);
            Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        }
    }

    private static MetaTrainer Trainer(MetaLearner learner, MetaTrainerOptions options) =>
        new(learner, new Drawn(learner.Model, 0), new Drawn(learner.Model, 100), options);

    private static MetaLearner Learner(string method)
    {
        var model = MetaTasks.Strided();
        using var initial = MetaTasks.Weights(model, dtype: torch.ScalarType.Float32);
        var options = new MamlOptions { InnerLearningRate = 0.1, InnerSteps = 2, EvaluationSteps = 2, ChunkSize = 2 };
        return method switch
        {
            "maml" => new Maml(model, initial, options),
            "maml++" => new Maml(model, initial, options with { LearnRates = true, MultiStepLossIterations = 4 }),
            "anil" => new Anil(
                model, initial, new AnilOptions { InnerSteps = 2, EvaluationSteps = 2, ChunkSize = 2, InnerLearningRate = 0.1 }),
            "meta-sgd" => new MetaSgd(model, initial, new MetaSgdOptions { InnerSteps = 2 }),
            _ => new Reptile(model, initial, new ReptileOptions { InnerSteps = 3, InnerBatch = 4, EvaluationSteps = 3 }),
        };
    }

    private sealed class Drawn(IFunctionalModel model, int seed) : ITaskSource
    {
        public string Identity => $"random, seed {seed}";

        public TaskBatch Draw(long iteration) => MetaTasks.For(model, seed: (ulong)(seed + iteration + 1), dtype: torch.ScalarType.Float32);
    }

    private sealed class Same(IFunctionalModel model) : ITaskSource
    {
        public string Identity => "one meta-batch";

        public TaskBatch Draw(long iteration) => MetaTasks.For(model, dtype: torch.ScalarType.Float32);
    }
}
