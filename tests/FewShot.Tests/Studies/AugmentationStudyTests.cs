using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Studies;
using FewShot.Tests.Data;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Tests.Studies;

public class AugmentationStudyTests
{
    private static readonly AugmentationStudyOptions Tiny = new()
    {
        PerClass = [2, 3],
        Draws = 2,
        Size = 16,
        Views = 2,
        Folds = 2,
        TunedSize = 16,
        TunedPasses = 40,
        TunedTestPerClass = 2,
        Tints = 3,
        TintedPerClass = 2,
        TintedPool = 3,
        TintedTest = 2,
    };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Should_HoldWhatAHeadOnTheViewsReaches_When_ACellIsRead()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        _ = new AugmentationStudy(material, folder.At("first"), Tiny).Run(cancel: Token);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var result = new AugmentationResult(new AugmentationStudy(material, folder.At("work"), Tiny).Run(cancel: Token));
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        using var labelled = material.Train.Select(Subset.Draw(material.Train, 3, 1));
        var preprocessing = material.Preprocessing with { Size = Tiny.Size };
        using var train = FeatureBank.Extract(material.Backbone, labelled, preprocessing, new() { Mirrored = true });
        using var test = FeatureBank.Extract(material.Backbone, material.Test, preprocessing);
        using var head = RidgeHead.Fit(train);
        var kept = result.Accuracy(AugmentationResult.Features, AugmentationRecipe.Flip.Name, 3);
        Assert.Equal(test.Predict(head).Accuracy.Value, kept.Draws[1].Value);
        Assert.True(result.Record.UsesStandIn);
        Assert.False(result.Holds(AugmentationResult.FineTuned, AugmentationRecipe.None.Name, 3));
    }

    [Fact]
    public void Should_CompareDrawByDraw_When_AGainIsRead()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        var result = new AugmentationResult(new AugmentationStudy(material, folder.At("work"), Tiny).Run(cancel: Token));
        foreach (var perClass in Tiny.PerClass)
        {
            DrawSummary Of(string recipe) => result.Accuracy(AugmentationResult.Features, recipe, perClass);
            var gain = result.Gain(AugmentationResult.Features, AugmentationRecipe.Erasing.Name, perClass);
            Assert.Equal(Of(AugmentationRecipe.Erasing.Name).Mean - Of(AugmentationRecipe.None.Name).Mean, gain.Mean, 1e-12);
            // What was chosen inside the labels has, in each draw, the accuracy of the recipe that was chosen.
            foreach (var (draw, chosen) in result.Choices(perClass).Index())
                Assert.Equal(Of(chosen.Name).Draws[draw], Of(AugmentationResult.Chosen).Draws[draw]);
        }

        Assert.Equal(0, result.Gain(AugmentationResult.Tints, AugmentationRecipe.None.Name, Tiny.TintedPerClass).Mean);
    }

    [Fact]
    public void Should_GoOnWithTheDrawsThatItHas_When_FineTuningIsAskedForLater()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        var first = new AugmentationStudy(material, folder.At("work"), Tiny).Run(cancel: Token);
        var judged = new List<string>();
        var listening = new CallingProgress(value => judged.Add(value.Activity));
        var all = new AugmentationStudy(material, folder.At("work"), Tiny with { TunedPerClass = [2] }, listening).Run(cancel: Token);

        Assert.DoesNotContain(judged, activity => activity.Contains("of each class", StringComparison.Ordinal)
            && !activity.StartsWith(AugmentationResult.FineTuned, StringComparison.Ordinal));
        Assert.All(first.Results, result => Assert.Equal(result.Value, all.Results[result.Key]));
        var result = new AugmentationResult(all);
        Assert.All(AugmentationRecipe.All, recipe => Assert.True(result.Holds(AugmentationResult.FineTuned, recipe.Name, 2)));
        Assert.Equal(20, result.Accuracy(AugmentationResult.FineTuned, AugmentationRecipe.CutMix.Name, 2).ImageCount);
    }

    [Fact]
    public void Should_Refuse_When_OneDrawHasNoIntervalOrTheRecordIsOfSomethingElse()
    {
        using var material = TinyMaterial.Make();
        var error = Assert.Throws<FewShotException>(() => new AugmentationStudy(material, "nowhere", Tiny with { Draws = 1 }));
        Assert.Contains("at least 2 draws", error.Message, StringComparison.Ordinal);
        Assert.Throws<FewShotException>(() => new AugmentationStudy(material, "nowhere", Tiny with { Tints = 1 }));
        error = Assert.Throws<FewShotException>(() => new AugmentationResult(RunRecord.Capture("a benchmark")));
        Assert.Contains("\"a benchmark\" is no table of augmentations", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_HoldWhatTheTwinsShow_When_TheyAreGiven()
    {
        using var folder = new TemporaryFolder();
        using var material = TinyMaterial.Make();
        using var twins = TwinCharactersTests.Mirrored(out var characters);
        using (characters)
        {
            var record = new AugmentationStudy(material, folder.At("work"), Tiny).Run(
                new Dictionary<string, TwinCharacters> { ["mirrored"] = twins }, Token);
            var (without, with, difference, interval) = new AugmentationResult(record).Orientation("mirrored", "twins");
            Assert.Equal(difference, with - without, 1e-12);
            Assert.True(interval.High < 0, $"{interval}");
        }
    }

    private sealed class CallingProgress(Action<StepProgress> call) : IProgress<StepProgress>
    {
        public void Report(StepProgress value) => call(value);
    }
}
