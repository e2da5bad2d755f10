using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public sealed class RejectionTests : IDisposable
{
    private readonly DisposeScope scope = torch.NewDisposeScope();

    public void Dispose() => scope.Dispose();

    [Fact]
    public void Should_EqualScikitLearn_When_CertaintiesAreGiven()
    {
        var certainties = Certainty.LargestProbability.Of(GoldenAnswers.Scores());
        var found = Rejection.AtTrueAcceptance(certainties[..200], [.. certainties[200..].Select(value => 0.8 * value)]);
        Assert.Equal(GoldenAnswers.Number("auroc"), found.Auroc, 10);
        Assert.Equal(GoldenAnswers.Number("aurocHalfWidth"), found.AurocInterval.HalfWidth, 8);
        Assert.Equal(GoldenAnswers.Number("falseAcceptance"), found.FalseAcceptance.Value, 10);
        Assert.Equal(0.95, found.TrueAcceptance.Value, 10);
    }

    [Fact]
    public void Should_EqualSciPysLogSumExp_When_TheCertaintyIsTheEnergy() => Assert.All(
        GoldenAnswers.Expected.GetProperty("energy").EnumerateArray().Zip(Certainty.Energy.Of(GoldenAnswers.Scores())),
        pair => Assert.Equal(pair.First.GetDouble(), pair.Second, 10));

    [Fact]
    public void Should_TakeTheLargestScore_When_AskedTo() =>
        Assert.Equal([3, -1], Certainty.LargestScore.Of(torch.tensor(new[] { 1.0, 3, -5, -1 }, [2, 2])));

    // Of 2 x 2 pairs two are won and two are tied.
    [Fact]
    public void Should_CountTiesHalf_When_CertaintiesAreEqual() =>
        Assert.Equal(0.75, Rejection.AtTrueAcceptance([2, 2], [1, 2]).Auroc, 12);

    [Theory]
    [InlineData(0.95, 2)]
    [InlineData(1, 1)]
    [InlineData(0.5, 11)]
    [InlineData(1e-6, 20)]
    public void Should_AcceptTheStatedShare_When_AThresholdIsSet(double share, double expected) =>
        Assert.Equal(expected, Rejection.ThresholdFor([.. Enumerable.Range(1, 20).Select(value => (double)value)], share));

    [Fact]
    public void Should_Refuse_When_ASideIsEmptyOrAShareOutside()
    {
        Assert.Throws<FewShotException>(() => Rejection.At([1], [], 0));
        Assert.Throws<FewShotException>(() => Rejection.At([double.NaN], [1], 0));
        Assert.Throws<FewShotException>(() => Rejection.ThresholdFor([1], 0));
    }
}
