using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public class SubsetStudyResultTests
{
    [Fact]
    public void Should_ChooseByHeldOutLoss_When_AnotherRecipeIsBetterOnTheTestSet()
    {
        var result = new SubsetStudyResult(
            Record(100, (SubsetRecipe.Probe, [0.9, 0.8], [0.99, 0.98]), (SubsetRecipe.Logistic, [0.7, 0.7], [0.5, 0.6])));
        Assert.Equal([SubsetRecipe.Logistic, SubsetRecipe.Logistic], result.Chosen);
        Assert.Equal(0.55, result.OfChosen.Mean, 1e-12);
        Assert.Equal(0.7, result.HeldOutLoss(SubsetRecipe.Logistic), 1e-12);
    }

    [Fact]
    public void Should_ChooseForEachDraw_When_LossesDifferBetweenThem()
    {
        var result = new SubsetStudyResult(
            Record(100, (SubsetRecipe.Probe, [0.9, 0.5], [0.2, 0.4]), (SubsetRecipe.Logistic, [0.7, 0.7], [0.6, 0.8])));
        Assert.Equal([SubsetRecipe.Logistic, SubsetRecipe.Probe], result.Chosen);
        Assert.Equal([60L, 40], result.OfChosen.Draws.Select(draw => draw.Correct));
    }

    [Fact]
    public void Should_CountDrawsAndImages_When_Read()
    {
        var result = new SubsetStudyResult(Record(10_000, (SubsetRecipe.Probe, [1, 1, 1], [0.25, 0.5, 0.75])));
        var accuracy = result.OnTest(Assert.Single(result.Recipes))!;
        Assert.Equal((3, 10_000L), (accuracy.Count, accuracy.ImageCount));
        Assert.Equal([2_500L, 5_000, 7_500], accuracy.Draws.Select(draw => draw.Correct));
        Assert.Equal(500, result.HeldOut(SubsetRecipe.Probe).ImageCount);
    }

    [Fact]
    public void Should_CountFewerTestImages_When_NearDuplicatesAreLeftOut()
    {
        var result = new SubsetStudyResult(Record(100, (SubsetRecipe.Probe, [1, 1], [0.5, 0.5])));
        Assert.All(result.OfChosenWithoutDuplicates, accuracy => Assert.Equal(new Accuracy(45, 90), accuracy));
    }

    [Fact]
    public void Should_NameTheResult_When_ADrawIsMissing()
    {
        var record = Record(100, (SubsetRecipe.Probe, [0.9, 0.9], [0.5, 0.5]), (SubsetRecipe.Logistic, [0.7], [0.5]));
        var error = Assert.Throws<FewShotException>(() => new SubsetStudyResult(record));
        Assert.Contains(SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Logistic, 1), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheRecordIsOfSomethingElse() =>
        Assert.Throws<FewShotException>(
            () => new SubsetStudyResult(
                RunRecord.Capture("other") with { Results = new Dictionary<string, double> { ["accuracy"] = 1 } }));

    [Fact]
    public void Should_HoldTheRecipesOnRealImages_When_TheCoursesOwnIsRead()
    {
        var result = SubsetStudyResult.OfTheCourse();
        Assert.Equal(SubsetRecipe.All, result.Recipes);
        Assert.Equal(5, result.DrawCount);
        Assert.Equal(10_000, result.OfChosen.ImageCount);
        Assert.False(result.Record.UsesStandIn);
        Assert.Equal("clean", result.Record.WorkingTree);
        Assert.NotNull(result.Record.Command);
    }

    private static RunRecord Record(long testImages, params (string Recipe, double[] Losses, double[] Draws)[] recipes)
    {
        var results = new Dictionary<string, double> { ["test images"] = testImages };
        foreach (var (recipe, losses, draws) in recipes)
        {
            foreach (var (draw, value) in draws.Index())
            {
                results[SubsetStudyResult.HeldOutLossKey(recipe, draw)] = losses[draw];
                results[SubsetStudyResult.HeldOutKey(recipe, draw)] = 0.5;
                results[SubsetStudyResult.TestKey(recipe, draw)] = value;
                results[SubsetStudyResult.DistinctKey(recipe, draw)] = value;
                results[SubsetStudyResult.DuplicatesKey(draw)] = testImages / 10;
            }
        }

        return RunRecord.Capture("a study") with { Results = results, Options = RunRecord.OptionsFrom(new SubsetStudyOptions()) };
    }
}
