using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public class TrainingAccountTests
{
    private static readonly TrainingAccount Three = new(
        [new(20_003, 20_000, 16, 100), new(10_490, 8_000, 16, 50), new(22_000, 19_000, 16, 30)]);

    [Fact]
    public void Should_AddUp_When_TrainingsFollowOneAnother()
    {
        Assert.Equal(47_000, Three.Seen);
        Assert.Equal(52_493, Three.Run);
        Assert.Equal(52_493 * 16, Three.EpisodesRun);
        Assert.Equal(0.05, Three.Hours, 1e-12);
    }

    [Fact]
    public void Should_ComeBack_When_ARecordHoldsIt()
    {
        var results = new Dictionary<string, double>();
        Three.AddTo(results);
        Assert.Equal(Three.Parts, TrainingAccount.Of(RunRecord.Capture("a training") with { Results = results }).Parts);
    }

    [Fact]
    public void Should_NameTheFigure_When_ARecordLacksIt()
    {
        var results = new Dictionary<string, double>();
        Three.AddTo(results);
        _ = results.Remove("part 2, chosen iteration");
        var error = Assert.Throws<FewShotException>(() => TrainingAccount.Of(RunRecord.Capture("a training") with { Results = results }));
        Assert.Contains("'part 2, chosen iteration'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_ARecordIsOfNoTraining() =>
        Assert.Throws<FewShotException>(() => TrainingAccount.Of(RunRecord.Capture("something else")));

    [Fact]
    public void Should_TellEveryPart_When_TrainingsFollowOneAnother() => Assert.Equal(
        "3 trainings in a row from random weights, each from the weights that validation kept of the one before: " +
        "20,003 run and 20,000 kept, then 10,490 run and 8,000 kept, then 22,000 run and 19,000 kept; " +
        "so the weights saw 47,000 meta-steps of 16 episodes, and 52,493 were run",
        Three.ToString());

    [Fact]
    public void Should_NameBothSizesOfAMetaStep_When_PartsDiffer()
    {
        var account = new TrainingAccount([new(10, 8, 4, 1), new(6, 6, 2, 1)]);
        Assert.Contains("the weights saw 14 meta-steps of 4 and 2 episodes, and 16 were run", account.ToString(), StringComparison.Ordinal);
        Assert.Equal(52, account.EpisodesRun);
    }

    [Theory]
    [InlineData(2000, "2,000 meta-steps of 16 episodes from random weights; validation kept the weights after the last")]
    [InlineData(1600, "2,000 meta-steps of 16 episodes from random weights; validation kept the weights after 1,600")]
    public void Should_SayWhatWasKept_When_ThereIsOneTraining(long kept, string sentence) =>
        Assert.Equal(sentence, new TrainingAccount([new(2000, kept, 16, 1)]).ToString());
}
