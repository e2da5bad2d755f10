using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

/// <summary>The measurement behind what the documentation of Classifier.LabelNext claims.</summary>
public class LabelNextTests
{
    private const int Draws = 20, Pool = 1000, Judged = 1000;

    [Theory(Explicit = true)]
    [InlineData(1, 10)]
    [InlineData(2, 20)]
    [InlineData(5, 50)]
    public void Should_BeatChance_When_PhotosOfCifar10AreLabelled(int perClass, int further)
    {
        var cifar = DataFolder.Default.FindCifar10();
        Assert.SkipWhen(cifar is null, "The data folder has no CIFAR-10.");
        using var all = Cifar10.LoadTrain(cifar);
        using var some = all.Select(Subset.Draw(all, (Pool + Judged) / 10 * 2, seed: 0), "CIFAR-10 train, 4,000");
        var backbone = ClassifierBackbone.Packaged();
        using var network = backbone.Network;
        using var bank = FeatureBank.ExtractOrLoad(
            Path.Combine(Path.GetTempPath(), "fewshot-label-next"), network, some, backbone.Preprocessing, new() { Mirrored = true });
        var accuracies = Enumerable.Range(0, Draws).Select(draw => Draw(bank, draw, perClass, further)).ToList();
        var gain = new PairedDraws(
            new DrawSummary([.. accuracies.Select(pair => pair.Random)]), new DrawSummary([.. accuracies.Select(pair => pair.Chosen)]));
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"{perClass} of each class, {further} more out of {Pool - (10 * perClass)}: "
            + $"by lot {new DrawSummary([.. accuracies.Select(pair => pair.Random)])}; chosen {gain}");
        Assert.True(gain.Interval.Low > 0, gain.ToString());
    }

    /// <summary>Labels some photos, then further ones by lot or by choice, and judges both by photos of neither.</summary>
    private static (Accuracy Random, Accuracy Chosen) Draw(FeatureBank bank, int draw, int perClass, int further)
    {
        using var scope = torch.NewDisposeScope();
        var labels = bank.Labels.data<long>().ToArray();
        var order = Enumerable.Range(0, bank.Count).Select(i => (long)i).ToArray();
        new StableRandom(1, draw).Draw<long>(order, order.Length);
        var (pool, judged) = (order[..Pool], order[Pool..(Pool + Judged)]);
        long[] labelled = [.. pool.GroupBy(photo => labels[photo]).SelectMany(group => group.Take(perClass))];
        long[] rest = [.. pool.Except(labelled)];
        torch.Tensor Rows(long[] photos) => bank.Features.index_select(0, torch.tensor(photos));
        // The pool is in random order, so the first of the rest are drawn by lot.
        var byLot = rest[..further];
        long[] chosen = [.. Coverage.Choose(Rows(labelled), Rows(rest), further).Select(i => rest[i])];
        Accuracy Judge(long[] more)
        {
            long[] photos = [.. labelled, .. more];
            var theirs = torch.tensor(photos.Select(photo => labels[photo]).ToArray());
            var choice = HeadChoice.Make(Rows(photos), theirs, 10, new ClassifierOptions(), ProgressSink.Current);
            using var head = choice.Recipe.Fit(Rows(photos), theirs, 10);
            var truth = torch.tensor(judged.Select(photo => labels[photo]).ToArray());
            return new Accuracy(CrossValidation.Correct(head.Scores(Rows(judged)), truth), judged.Length);
        }

        return (Judge(byLot), Judge(chosen));
    }
}
