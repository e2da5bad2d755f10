using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public class CalibrationTests
{
    [Fact]
    public void Should_EqualNumPy_When_AnswersAreGiven()
    {
        var calibration = new Calibration(GoldenAnswers.Predictions());
        Assert.Equal(GoldenAnswers.Number("equalWidth"), calibration.ExpectedError, 7);
        Assert.Equal(GoldenAnswers.Number("equalMass"), calibration.ExpectedErrorOfEqualMass, 7);
        Assert.Equal(GoldenAnswers.Number("loss"), calibration.Loss, 9);
        Assert.Equal(
            GoldenAnswers.Expected.GetProperty("counts").EnumerateArray().Select(count => count.GetInt64()),
            calibration.EqualWidth.Select(bin => bin.Accuracy.Count));
    }

    [Fact]
    public void Should_HoldEqualNumbers_When_BinsAreOfEqualMass() =>
        Assert.All(new Calibration(GoldenAnswers.Predictions(), bins: 7).EqualMass, bin => Assert.InRange(bin.Accuracy.Count, 42, 43));

    // Surely right is no error, surely wrong an error of nearly 1.
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    public void Should_BeTheDistanceOfConfidenceAndTruth_When_AllAnswersAreSure(long label, double expected)
    {
        using var scope = torch.NewDisposeScope();
        var predictions = new Predictions(
            torch.tensor(new[] { 30.0, 0 }).repeat(20, 1), torch.full(20, label, torch.int64), ["a", "b"]);
        Assert.Equal(expected, new Calibration(predictions).ExpectedError, 6);
        Assert.Equal(expected, new Calibration(predictions).ExpectedErrorOfEqualMass, 6);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(301)]
    public void Should_Refuse_When_TheNumberOfBinsIsImpossible(int bins) =>
        Assert.Throws<FewShotException>(() => new Calibration(GoldenAnswers.Predictions(), bins));
}
