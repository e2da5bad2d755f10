using FewShot.Data;
using FewShot.Episodes;
using FewShot.Evaluation;
using FewShot.Meta;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Trials;
using TorchSharp;

namespace FewShot.Tests.Trials;

public sealed class EvaluatorTests : IDisposable
{
    private readonly TrialMaterial material = new();

    public void Dispose() => material.Dispose();

    [Fact]
    public void Should_CountRightAnswersOfEachEpisode_When_Run()
    {
        var result = material.Evaluator.Run(material.Honest, MethodHistory.Nothing);
        using var scores = material.Honest.Scores(material.List.Episodes);
        var values = scores.data<float>().ToArray();
        var expected = material.List.Episodes.Index().Select(entry =>
            entry.Item.Query.Index().Average(query =>
            {
                var row = values.AsSpan(((entry.Index * 12) + query.Index) * 4, 4);
                return row.IndexOf(Math.Max(Math.Max(row[0], row[1]), Math.Max(row[2], row[3]))) == query.Item.Label ? 1.0 : 0;
            }));
        Assert.Equal(expected, result.Accuracy.Episodes);
        Assert.InRange(result.Accuracy.Mean, 0.5, 0.99);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    public void Should_NotDependOnTheChunk_When_Run(int atOnce)
    {
        var whole = material.Evaluator.Run(material.Honest, MethodHistory.Nothing);
        var parts = new Evaluator(material.List, material.Set, new() { EpisodesAtOnce = atOnce })
            .Run(material.Honest, MethodHistory.Nothing);
        Assert.Equal(whole.Accuracy.Episodes, parts.Accuracy.Episodes);
    }

    [Fact]
    public void Should_SayAllThatTheFigureDependsOn_When_Printed()
    {
        var line = material.Evaluator.Run(material.Honest, MethodHistory.Nothing).ToString();
        Assert.Matches(
            "^centroids on judged at 8 px, fake: "
            + @"[\d.]+ % \[[\d.]+, [\d.]+\] \(60 episodes, seed 3\), worst tenth [\d.]+ %; 4-way 1-shot, 3 queries of each class; "
            + $@"judged \(SHA-256 {material.Set.Digest[..8]}\); weights SHA-256 abc; inductive; [\d.]+ ms(, [\d.]+ MB)? an episode; "
            + "7 checks against leaks passed$", line);
    }

    // Of twelve episodes the worst tenth are two.
    [Fact]
    public void Should_AverageTheWorstTenth_When_EpisodesDiffer()
    {
        var result = material.Evaluator.Run(material.Honest, MethodHistory.Nothing) with
        {
            Accuracy = new EpisodeAccuracy([0.9, 0.2, 0.9, 0.4, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9], 0),
        };
        Assert.Equal(0.3, result.WorstDecile, 12);
    }

    [Fact]
    public void Should_KeepTheScoresOfTheFirstEpisodes_When_TheyAreBounded()
    {
        var options = new EvaluatorOptions { EpisodesAtOnce = 7, KeptQueries = 125 };
        var kept = new Evaluator(material.List, material.Set, options).Run(material.Honest, MethodHistory.Nothing).Scores;
        Assert.Equal((10, 120, 4), (kept.Episodes, kept.Count, kept.Way));
        using var scope = torch.NewDisposeScope();
        var (scores, labels) = kept.Of(8, 2);
        var expected = material.Honest.Scores([.. material.List.Episodes.Skip(8).Take(2)]).flatten(0, 1);
        Assert.True(scores.allclose(expected));
        Assert.Equal(
            material.List.Episodes.Skip(8).Take(2).SelectMany(episode => episode.Query).Select(image => (long)image.Label),
            labels.data<long>().ToArray());
        Assert.Throws<FewShotException>(() => kept.Of(8, 3));
    }

    [Fact]
    public void Should_GiveCalibration_When_ScoresAreKept()
    {
        var result = material.Evaluator.Run(material.Honest, MethodHistory.Nothing);
        var predictions = result.Scores.Predictions();
        Assert.Equal(result.Accuracy.Mean, predictions.Accuracy.Value, 12);
        Assert.Equal(720, new Calibration(predictions).Count);
    }

    [Fact]
    public void Should_TellTimeAndMemory_When_Run()
    {
        var result = material.Evaluator.Run(material.Honest, MethodHistory.Nothing);
        Assert.True(result.SecondsPerEpisode > 0);
        Assert.Equal(OperatingSystem.IsLinux(), result.PeakBytesPerEpisode is not null);
    }

    [Fact]
    public void Should_Refuse_When_TheListIsOfAnotherSet()
    {
        using var other = TrialMaterial.Images("other");
        var error = Assert.Throws<FewShotException>(() => new Evaluator(material.List, other));
        Assert.Contains("drawn from 'judged'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheFeaturesAreOfOtherImages()
    {
        // The labels and class names are the same; only the pixels differ.
        using var scope = torch.NewDisposeScope();
        var mirrored = new ImageSet(
            "mirrored", material.Set.Images.flip(3), material.Set.Labels.clone(), material.Set.ClassNames);
        using var bank = TrialMaterial.Features(mirrored);
        var error = Assert.Throws<FewShotException>(
            () => material.Evaluator.Run(new FeatureMethod(new CentroidHead(), bank), MethodHistory.Nothing));
        Assert.Contains("its examples are not those of judged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheFeaturesAreOfOtherClasses()
    {
        using var bank = material.Bank.Select([.. Enumerable.Range(0, 119).Select(position => (long)position)]);
        var error = Assert.Throws<FewShotException>(
            () => material.Evaluator.Run(new FeatureMethod(new CentroidHead(), bank), MethodHistory.Nothing));
        Assert.Contains("its labels or classes are not those of judged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheMethod_When_ItsScoresHaveAnotherShape()
    {
        using var learner = Learner(ways: 5);
        using var method = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Inductive);
        var error = Assert.Throws<FewShotException>(() => material.Evaluator.Run(method, MethodHistory.Nothing));
        Assert.Contains("MAML, inductive BatchNorm gave scores of Float32 with shape [4, 12, 5]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheMethod_When_AScoreIsNotANumber()
    {
        var error = Assert.Throws<FewShotException>(
            () => material.Evaluator.Run(new MadeUp((_, _, _) => double.NaN), MethodHistory.Nothing));
        Assert.StartsWith("made up: a score is not a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_GiveWhatTheLearnerPredicts_When_TheMethodIsALearner()
    {
        using var learner = Learner(ways: 4);
        using var method = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Inductive);
        using var scope = torch.NewDisposeScope();
        using var images = new EpisodeImages(material.Set, torch.CPU);
        Episode[] episodes = [.. material.List.Episodes.Take(3)];
        using var batch = images.Batch(episodes);
        Assert.True(method.Scores(episodes).allclose(learner.Predict(batch, batchNorm: BatchNormMode.Inductive), rtol: 1e-4));
        Assert.True(
            method.ScoresBeforeAdaptation(episodes).allclose(learner.Predict(batch, 0, BatchNormMode.Inductive), rtol: 1e-4));
    }

    [Fact]
    public void Should_SayWhichWeights_When_TheLearnerChanges()
    {
        using var learner = Learner(ways: 4);
        using var before = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Inductive);
        using var again = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Inductive);
        using (torch.no_grad())
            _ = learner.MetaParameters.Flat.add_(1e-3);
        using var after = new LearnerMethod("MAML", learner, material.Set, BatchNormMode.Inductive);
        Assert.Equal(before.Source, again.Source);
        Assert.NotEqual(before.Source, after.Source);
    }

    [Fact]
    public void Should_RefuseAnEpisodeOfAnotherSet_When_FeaturesAreGathered()
    {
        var episode = material.List.Episodes[0];
        var outside = episode with { Query = [.. episode.Query.Skip(1), new EpisodeImage(120, 0)] };
        var error = Assert.Throws<FewShotException>(() => material.Honest.Scores([outside]));
        Assert.Contains("has 120 examples; an episode holds number 120", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_KeepNoTensor_When_Done()
    {
        var method = material.Honest;
        _ = material.Bank.Features;
        _ = material.Evaluator.Run(method, MethodHistory.Nothing);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _ = material.Evaluator.Run(method, MethodHistory.Nothing);
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_JudgeOnUnbalancedQueries_When_TheListHasThem()
    {
        using var set = TrialMaterial.Images("judged", 12, 13);
        using var bank = TrialMaterial.Features(set);
        var list = EpisodeList.Draw(set, new EpisodeOptions(4, 1, 3).WithDirichletQueries(), 60);
        var result = new Evaluator(list, set).Run(new FeatureMethod(new CentroidHead(), bank), MethodHistory.Nothing);
        Assert.Contains("12 queries, shares of the classes from Dirichlet(2)", result.ToString(), StringComparison.Ordinal);
    }

    private static Maml Learner(int ways)
    {
        var model = new Conv4(new Conv4Options { Size = 8, Channels = 3, Filters = 4, Blocks = 2, Ways = ways });
        using var initial = model.Initial(3);
        return new Maml(model, initial);
    }
}
