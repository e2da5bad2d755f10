using System.Security.Cryptography;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;

namespace FewShot.Tests.Studies;

public class SinusoidStudyTests
{
    [Fact]
    public void Should_WriteWeightsThatErrAsItsRecordSays_When_Run()
    {
        using var folder = new TemporaryFolder();
        var options = new SinusoidStudyOptions { Shot = 5, Iterations = 3, TestTasks = 20, MetaBatch = 4 };

        var made = SinusoidStudy.Run(folder.At("out"), folder.At("work"), options, cancel: TestContext.Current.CancellationToken);

        using var test = SinusoidStudy.TestTasks(options);
        using var weights = ModelWeights.Load(
            MetaWeights.WeightsPath(folder.At("out"), SinusoidStudy.Name(5)), SinusoidStudy.Model.Weights);
        using var learner = new Maml(SinusoidStudy.Model, weights, SinusoidStudy.Maml);
        var result = learner.Evaluate(test, SinusoidStudy.Steps);
        foreach (var step in new[] { 0, 1, 5, 10 })
            Assert.Equal(SinusoidStudy.Error(result, step, options), SinusoidStudy.Error(made, "MAML", step));

        Assert.NotNull(SinusoidStudy.Error(made, "joint training", 10));
        AssertNames(made, folder.At("out"));
    }

    // JSON has no infinity of its own: a record must bring it back.
    [Fact]
    public void Should_TellThatATaskDiverged_When_ItsRecordIsReadAgain()
    {
        using var folder = new TemporaryFolder();
        var options = new SinusoidStudyOptions { Iterations = 1, TestTasks = 3, MetaBatch = 2 };
        var made = SinusoidStudy.Run(folder.At("out"), folder.At("work"), options, cancel: TestContext.Current.CancellationToken);
        var results = new Dictionary<string, double>(made.Results);
        foreach (var key in results.Keys.Where(key => key.StartsWith("MAML, MSE after 10 steps", StringComparison.Ordinal)).ToArray())
            results[key] = key.EndsWith("diverged", StringComparison.Ordinal) ? 1 : double.PositiveInfinity;
        (made with { Results = results }).Write(folder.At("record.json"));

        var error = SinusoidStudy.Error(RunRecord.Read(folder.At("record.json")), "MAML", 10);

        Assert.Equal("infinite, median infinite (3 tasks, 1 diverged, seed 2)", error!.ToString());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    public void Should_TellHowToMakeItAgain_When_TheCoursesOwnRecordIsRead(int shot)
    {
        using var networks = SinusoidStudy.Cached(shot);
        var record = networks!.Record;
        Assert.Equal($"dotnet run -c Release --project src/FewShot.Kernel -- train-meta sinusoid --shot {shot}", record.Command);
        Assert.Equal("clean", record.WorkingTree);
        Assert.Equal([0, 1, 2], record.Seeds.Values);
        Assert.Equal(SinusoidStudy.ProtocolOf(new SinusoidStudyOptions { Shot = shot }), record.Protocol);
        Assert.Equal(70_000, record.Results["MAML, iterations"]);
    }

    [Fact]
    public void Should_ErrAsItsRecordSays_When_TheCoursesOwnWeightsAreMeasuredAgain()
    {
        var options = new SinusoidStudyOptions { Shot = 5 };
        using var networks = SinusoidStudy.Cached(options.Shot);
        using var test = SinusoidStudy.TestTasks(options);
        using var learner = new Maml(SinusoidStudy.Model, networks!.Maml, SinusoidStudy.Maml);

        var measured = SinusoidStudy.Error(learner.Evaluate(test, 1), 1, options);

        var recorded = SinusoidStudy.Error(networks.Record, "MAML", 1)!;
        Assert.Equal(recorded.Mean, measured.Mean, 1e-3);
        Assert.Equal(recorded.Median, measured.Median, 1e-3);
        Assert.Equal(recorded.Diverged, measured.Diverged);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(10)]
    public void Should_NameTheWeightsBesideIt_When_TheCoursesOwnRecordIsRead(int shot)
    {
        using var networks = SinusoidStudy.Cached(shot);
        AssertNames(networks!.Record, MetaWeights.Folder);
    }

    // With an inner rate of 0 the loss of MAML is that of the common weights: the rival must not have adapted in training.
    [Fact]
    public void Should_TrainWithoutAdapting_When_TheInnerRateIsZero()
    {
        using var initial = SinusoidStudy.Model.Initial(0);
        using var joint = new Maml(
            SinusoidStudy.Model, initial, SinusoidStudy.Maml with { Order = GradientOrder.First, InnerLearningRate = 0 });
        using var tasks = SinusoidStudy.TestTasks(new SinusoidStudyOptions { TestTasks = 5 });
        var result = joint.Evaluate(tasks, 3);
        Assert.Equal(result.Losses[0], result.Losses[3]);
        using var gradient = joint.Gradient(tasks);
        Assert.Equal(result.Loss(0), gradient.Loss, 5);
    }

    /// <summary>A record must tell which two files it speaks of, and their digests.</summary>
    private static void AssertNames(RunRecord record, string folder)
    {
        var joint = Assert.Single(record.Data);
        foreach (var (name, digest) in new[] { (record.Weights!, record.WeightsDigest), (joint.Key, joint.Value) })
            Assert.Equal(digest, Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, name)))));
        Assert.NotEqual(record.Weights, joint.Key);
    }
}
