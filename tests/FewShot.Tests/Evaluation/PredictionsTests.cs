using FewShot.Evaluation;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Tests.Evaluation;

public class PredictionsTests
{
    private static readonly string[] Names = ["cat", "dog", "owl"];

    /// <summary>
    /// Six images: three cats (one taken for a dog with near certainty, one for an owl), three dogs (one narrowly taken for a cat), no owl.
    /// </summary>
    private static Predictions Example()
    {
        using var scope = torch.NewDisposeScope();
        var scores = torch.tensor(new[,]
        {
            { 2.0, 0, 0 }, { 0, 9, 0 }, { 0, 3, 0 }, { 0.1, 0, 0 }, { 0, 1, 0 }, { 0, 0, 4 },
        });
        return new Predictions(scores, torch.tensor(new long[] { 0, 0, 1, 1, 1, 0 }), Names);
    }

    [Fact]
    public void Should_CountCorrectImages_When_AskedForAccuracy()
    {
        var accuracy = Example().Accuracy;
        Assert.Equal((3, 6), (accuracy.Correct, accuracy.Count));
        Assert.Equal("50.0 % [18.8, 81.2] (6 images)", accuracy.ToString());
    }

    [Fact]
    public void Should_GiveCrossEntropyInNats_When_AskedForLoss()
    {
        // Each image: the scores' log-sum-exp less the score of its class.
        double[] surprises =
        [
            Math.Log(Math.Exp(2) + 2) - 2, Math.Log(Math.Exp(9) + 2), Math.Log(Math.Exp(3) + 2) - 3,
            Math.Log(Math.Exp(0.1) + 2), Math.Log(Math.E + 2) - 1, Math.Log(Math.Exp(4) + 2),
        ];
        Assert.Equal(surprises.Average(), Example().Loss, 1e-12);
    }

    [Fact]
    public void Should_PrintThousands_When_ImagesAreMany() =>
        Assert.Equal("76.7 % [75.9, 77.5] (10,000 images)", new Accuracy(7670, 10000).ToString());

    [Fact]
    public void Should_PutTruthInRows_When_Confused()
    {
        var matrix = new ConfusionMatrix(Example());
        Assert.Equal([1L, 1, 1, 1, 2, 0, 0, 0, 0], from a in Enumerable.Range(0, 3) from p in Enumerable.Range(0, 3) select matrix[a, p]);
        Assert.Equal(6, matrix.Total);
    }

    [Fact]
    public void Should_GiveRecallAndPrecision_When_ClassesHaveImages()
    {
        var matrix = new ConfusionMatrix(Example());
        Assert.Equal(1.0 / 3, matrix.Recall[0]!.Value, 1e-12);
        Assert.Equal(1.0 / 2, matrix.Precision[0]!.Value, 1e-12);
        Assert.Null(matrix.Recall[2]);
        Assert.Equal(0, matrix.Precision[2]!.Value);
    }

    [Fact]
    public void Should_ListPairsOnce_When_AskedForMostConfused() =>
        Assert.Equal([("cat", "dog", 1L), ("cat", "owl", 1L)], new ConfusionMatrix(Example()).MostConfused(2));

    [Fact]
    public void Should_PutTheSurestFirst_When_AskedForMistakes()
    {
        var mistakes = Mistakes.MostConfident(Example(), 2);
        Assert.Equal([1, 5], mistakes.Select(mistake => mistake.Position));
        Assert.Equal("image 1: cat taken for dog (100 % sure)", mistakes[0].ToString());
        Assert.Equal(Math.Exp(4) / (Math.Exp(4) + 2), mistakes[1].Confidence, 1e-6);
    }

    [Fact]
    public void Should_ShowEveryClass_When_MatrixIsPrinted()
    {
        var lines = new ConfusionMatrix(Example()).ToString().Split(Environment.NewLine);
        Assert.Contains("33.3 %", lines[1], StringComparison.Ordinal);
        Assert.EndsWith("no image", lines[3], StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_AScoreIsNotANumber()
    {
        using var scope = torch.NewDisposeScope();
        var error = Assert.Throws<FewShotException>(
            () => new Predictions(torch.tensor(new[,] { { 0.0, double.NaN } }), torch.tensor(new long[] { 0 }), ["a", "b"]));
        Assert.Contains("not a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_LabelsDoNotFit()
    {
        using var scope = torch.NewDisposeScope();
        Assert.Throws<FewShotException>(() => new Predictions(torch.zeros(2, 3), torch.zeros(3, torch.int64), Names));
        Assert.Throws<FewShotException>(() => new Predictions(torch.zeros(2, 3), torch.full(2, 3, torch.int64), Names));
    }
}
