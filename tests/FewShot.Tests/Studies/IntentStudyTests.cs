using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using FewShot.Tests.Text;
using FewShot.Text;
using FewShot.Transfer;

namespace FewShot.Tests.Studies;

public sealed class IntentStudyTests
{
    private static readonly IntentStudyOptions Tiny = new()
    {
        PerIntent = [1, 4],
        Varied = [],
        Tuned = 4,
        Draws = 2,
        TestPerIntent = 1,
        Tuning = [new() { Steps = 1 }],
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public void Should_HoldWhatAHeadFittedToTheDrawReaches_When_TheStudyTakesMinutes()
    {
        using var folder = new TemporaryFolder();
        using var study = new IntentStudy(folder.At("work"), Tiny);
        var result = new IntentStudyResult(study.Run(Token));

        var encoder = SharedEncoder.Value;
        using var train = FeatureBank.Extract(encoder, Banking77.Train.Select(Banking77.Train.Draw(4, seed: 1)));
        using var test = FeatureBank.Extract(encoder, Banking77.Test.Select(Banking77.Test.Draw(1, seed: 0)));
        using var head = NearestCentroid.Fit(train);
        Assert.Equal(test.Predict(head).Accuracy.Value, result.Accuracy("nearest centroid", 4)!.Draws[1].Value);
        Assert.Null(result.Accuracy("ridge, varied", 4));
        Assert.InRange(result.Names.Value, 0.5, 0.75);
        Assert.Equal(2, result.Compare("nearest centroid", "tuned encoder", 4).Differences.Count);
        Assert.True(result.StrangersAccepted(0.5).Value < result.StrangersAccepted(0.99).Value);
        Assert.True(result.InLanguage("English").Mean > result.InLanguage("Chinese").Mean + 0.2);

        var again = 0;
        using var second = new IntentStudy(
            folder.At("work"), Tiny, new CallingProgress(step => again += step.Activity == "tuning" ? 1 : 0));
        _ = second.Run(Token);
        Assert.Equal(0, again);
    }

    [Fact]
    public void Should_SayWhatIsNeeded_When_TooFewAreTuned() => Assert.Contains(
        "4 where the encoder is tuned",
        Assert.Throws<FewShotException>(() => new IntentStudy("work", Tiny with { Tuned = 1 })).Message,
        StringComparison.Ordinal);

    [Fact]
    public void Should_SayWhatItIs_When_TheRecordIsOfSomethingElse() => Assert.Contains(
        "no study of intents",
        Assert.Throws<FewShotException>(() => new IntentStudyResult(RunRecord.Capture("x"))).Message,
        StringComparison.Ordinal);

    private sealed class CallingProgress(Action<StepProgress> call) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => call(value);
    }
}
