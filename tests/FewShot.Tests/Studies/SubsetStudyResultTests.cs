using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Studies;

namespace FewShot.Tests.Studies;

public class SubsetStudyResultTests
{
    [Fact]
    public void Should_ChooseByValidation_When_AnotherRecipeIsBetterOnTheTestSet()
    {
        var result = new SubsetStudyResult(
            Record(100, (SubsetStudy.Probe, 0.7, [0.99, 0.98]), (SubsetStudy.Logistic, 0.8, [0.5, 0.6]), (SubsetStudy.FineTuned, 0.75, [0.7, 0.9])));
        Assert.Equal(SubsetStudy.Logistic, result.Chosen);
        Assert.Equal(0.55, result.Accuracies[result.Chosen].Mean, 1e-12);
        Assert.Equal(new Accuracy(160, 200), result.OnValidation(SubsetStudy.Logistic));
    }

    [Fact]
    public void Should_CountDrawsAndImages_When_Read()
    {
        var result = new SubsetStudyResult(Record(10_000, (SubsetStudy.Probe, 0.7, [0.25, 0.5, 0.75])));
        var accuracy = result.Accuracies[Assert.Single(result.Recipes)];
        Assert.Equal((3, 10_000L), (accuracy.Count, accuracy.ImageCount));
        Assert.Equal([2_500L, 5_000, 7_500], accuracy.Draws.Select(draw => draw.Correct));
    }

    [Fact]
    public void Should_NameTheResult_When_ADrawIsMissing()
    {
        var record = Record(100, (SubsetStudy.Probe, 0.7, [0.5, 0.5]), (SubsetStudy.Logistic, 0.7, [0.5]));
        var error = Assert.Throws<FewShotException>(() => new SubsetStudyResult(record));
        Assert.Contains(SubsetStudyResult.DrawKey(SubsetStudy.Logistic, 1), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_Refuse_When_TheRecordIsOfSomethingElse() =>
        Assert.Throws<FewShotException>(() => new SubsetStudyResult(RunRecord.Capture("other") with { Results = new Dictionary<string, double> { ["accuracy"] = 1 } }));

    [Fact]
    public void Should_HoldEveryRecipeOnRealImages_When_TheCoursesOwnIsRead()
    {
        var result = SubsetStudyResult.OfTheCourse();
        Assert.Equal(SubsetStudy.Recipes, result.Recipes);
        Assert.Equal(10_000, result.Accuracies[result.Chosen].ImageCount);
        Assert.False(result.Record.UsesStandIn);
    }

    private static RunRecord Record(long testImages, params (string Recipe, double OnValidation, double[] Draws)[] recipes)
    {
        var results = new Dictionary<string, double> { ["test images"] = testImages, ["validation images"] = 200 };
        foreach (var (recipe, onValidation, draws) in recipes)
        {
            results[SubsetStudyResult.ChoiceKey(recipe)] = onValidation;
            foreach (var (draw, value) in draws.Index())
                results[SubsetStudyResult.DrawKey(recipe, draw)] = value;
        }

        return RunRecord.Capture("a study") with { Results = results };
    }
}
