using FewShot.Evaluation;
using FewShot.Runtime;

namespace FewShot.Tests.Evaluation;

public class TaskErrorTests
{
    // Student's t with 3 degrees of freedom, 97.5 %: 3.182446; standard deviation of 1, 2, 3, 2: 0.816497.
    [Fact]
    public void Should_GiveTheIntervalOverTasks_When_ErrorsAreSummarised()
    {
        var error = TaskError.Of([1, 2, 3, 2], seed: 7);
        Assert.Equal(2, error.Mean, 12);
        Assert.Equal(3.182446 * 0.816497 / 2, error.Interval.HalfWidth, 5);
        Assert.Equal("2.000 [0.701, 3.299], median 2.000 (4 tasks, 0 diverged, seed 7)", error.ToString());
    }

    [Fact]
    public void Should_CountThoseThatDiverged_When_ErrorsAreAboveTheLimit()
    {
        var error = TaskError.Of([0.1, 26, 0.2, 25, 0.3], seed: 0, divergedAbove: 25);
        Assert.Equal(1, error.Diverged);
        Assert.Equal(0.3, error.Median);
        Assert.Equal(10.32, error.Mean, 12);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Should_HaveAMedianAndAnInfiniteMean_When_AnErrorIsNotFinite(double diverged)
    {
        var error = TaskError.Of([diverged, 0.1, 0.4, 0.2], seed: 3);
        Assert.Equal(0.3, error.Median, 12);
        Assert.Equal(1, error.Diverged);
        Assert.Equal("infinite, median 0.300 (4 tasks, 1 diverged, seed 3)", error.ToString());
    }

    [Fact]
    public void Should_BeInfinite_When_MostTasksDiverged() =>
        Assert.Equal(double.PositiveInfinity, TaskError.Of([double.NaN, double.NaN, 1, double.NaN], seed: 0).Median);

    [Fact]
    public void Should_BeReadable_When_AFewTasksExploded() =>
        Assert.StartsWith("50,000 [", TaskError.Of([0.5, 99_999.5], seed: 0).ToString(), StringComparison.Ordinal);

    [Fact]
    public void Should_Refuse_When_ThereIsNothing() => Assert.Throws<FewShotException>(() => TaskError.Of([], seed: 0));
}
