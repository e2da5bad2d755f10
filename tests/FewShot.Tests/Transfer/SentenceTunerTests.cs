using FewShot.Runtime;
using FewShot.Tests.Text;
using FewShot.Text;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Transfer;

public sealed class SentenceTunerTests
{
    private static readonly TextSet Questions = Banking77.Train.SelectClasses(["card_arrival", "exchange_rate", "age_limit"]);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_BeTheMeanOverPairs_When_TheLossIsWrittenOut()
    {
        double[][] vectors = [[1, 0], [0.6, 0.8], [0, 1], [-0.8, 0.6], [0.8, 0.6]];
        long[] labels = [0, 0, 1, 1, 0];
        const double Temperature = 0.5;
        var expected = Enumerable.Range(0, 5).Average(i =>
        {
            double Score(int j) => vectors[i].Zip(vectors[j], (a, b) => a * b).Sum() / Temperature;
            var others = Enumerable.Range(0, 5).Where(j => j != i).ToList();
            var logarithm = Math.Log(others.Sum(j => Math.Exp(Score(j))));
            return others.Where(j => labels[j] == labels[i]).Average(j => logarithm - Score(j));
        });

        using var rows = torch.tensor(vectors.SelectMany(row => row).ToArray(), [5, 2]);
        using var given = torch.tensor(labels);
        using var loss = SentenceTuner.ContrastiveLoss(rows, given, Temperature);

        Assert.Equal(expected, loss.item<double>(), 1e-12);
    }

    [Fact]
    public void Should_DrawClassesApart_When_ItIsTuned()
    {
        var encoder = SharedEncoder.Value;
        var labelled = Questions.Select(Questions.Draw(4, seed: 0));
        var others = Questions.Select([.. Questions.Draw(14, seed: 0).Except(Questions.Draw(4, seed: 0))]);

        using var tuned = SentenceTuner.Tune(encoder, labelled, new() { Steps = 8 }, cancel: Token);

        Assert.True(Separation(tuned, others) > Separation(encoder, others) + 0.05);
        Assert.NotEqual(encoder.WeightsDigest, tuned.WeightsDigest);
    }

    [Fact]
    public void Should_GiveTheSameWeights_When_TheSeedIsTheSame()
    {
        var encoder = SharedEncoder.Value;
        var before = encoder.Encode(["a question"]);
        var labelled = Questions.Select(Questions.Draw(2, seed: 1));

        using var one = SentenceTuner.Tune(encoder, labelled, new() { Steps = 2 }, cancel: Token);
        using var same = SentenceTuner.Tune(encoder, labelled, new() { Steps = 2 }, cancel: Token);
        using var other = SentenceTuner.Tune(encoder, labelled, new() { Steps = 2, Seed = 1 }, cancel: Token);

        Assert.Equal(one.WeightsDigest, same.WeightsDigest);
        Assert.NotEqual(one.WeightsDigest, other.WeightsDigest);
        using var after = encoder.Encode(["a question"]);
        Assert.True(before.equal(after).all().item<bool>());
        before.Dispose();
    }

    [Fact]
    public void Should_LeaveNoTensor_When_TunedAndDisposed()
    {
        var encoder = SharedEncoder.Value;
        var labelled = Questions.Select(Questions.Draw(2, seed: 1));
        SentenceTuner.Tune(encoder, labelled, new() { Steps = 1 }, cancel: Token).Dispose();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;

        SentenceTuner.Tune(encoder, labelled, new() { Steps = 2 }, cancel: Token).Dispose();

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    [Fact]
    public void Should_NameTheClass_When_ItHasNoPair()
    {
        var encoder = SharedEncoder.Value;

        var one = Questions.Select(Questions.Draw(1, seed: 0));

        var error = Assert.Throws<FewShotException>(() => SentenceTuner.Tune(encoder, one, cancel: Token));

        Assert.Contains("class 'card_arrival' has 1 of the 2 texts that make a pair", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_UseEveryTextOnce_When_BatchesAreDealt()
    {
        var set = Questions.Select(Questions.Draw(4, seed: 0));
        var batches = new ContrastiveBatches(set, classesPerBatch: 3, textsPerClass: 2, seed: 0);

        int[] dealt = [.. batches.Next(), .. batches.Next()];

        Assert.Equal(Enumerable.Range(0, 12), dealt.Order());
        Assert.All(batches.Next().CountBy(row => set.Labels[row]), label => Assert.Equal(2, label.Value));
    }

    /// <summary>Mean cosine of two texts of one class minus that of two of different ones.</summary>
    private static double Separation(SentenceEncoder encoder, TextSet texts)
    {
        using var scope = torch.NewDisposeScope();
        var vectors = encoder.Encode(texts.Texts);
        var labels = torch.tensor(texts.Labels.ToArray());
        var same = labels.unsqueeze(0) == labels.unsqueeze(1);
        var cosines = vectors.matmul(vectors.t());
        return (cosines[same].mean() - cosines[~same].mean()).item<float>();
    }
}
