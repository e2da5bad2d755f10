using FewShot.Course;
using FewShot.Data;
using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Studies;
using FewShot.Tests.Data;
using TorchSharp;

namespace FewShot.Tests.Studies;

public sealed class SubsetStudyTests : IDisposable
{
    private static readonly DateTime LongAgo = new(2001, 2, 3, 4, 5, 6, DateTimeKind.Utc);

    private readonly TemporaryFolder folder = new();
    private readonly CourseMaterial material = TinyMaterial.Make();

    public void Dispose()
    {
        material.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Should_MeasureEveryRecipeOnTheChoiceAndOnEachDraw_When_Run()
    {
        var record = Run("all");
        var (all, draws) = (SubsetRecipe.All.Count, TinyMaterial.Options.Draws);
        // Held-out loss and accuracy of each; two test accuracies of each but one; near-duplicates of each draw; the number of test images.
        Assert.Equal((draws * ((2 * all) + (2 * (all - 1)) + 1)) + 1, record.Results.Count);
        var accuracies = record.Results.Where(result =>
            result.Key.EndsWith("test", StringComparison.Ordinal) || result.Key.EndsWith("held out", StringComparison.Ordinal));
        Assert.All(accuracies, result => Assert.InRange(result.Value, 0, 1));
        Assert.Contains("no other label", record.Protocol, StringComparison.Ordinal);
        Assert.Equal([0L, 1L], record.Seeds.Values);
        Assert.Equal(SubsetRecipe.All, new SubsetStudyResult(record).Recipes);
        Assert.True(record.UsesStandIn);
        Assert.Equal(material.Test.Digest, record.Data[material.Test.Name]);
        Assert.Equal(material.Backbone.WeightsDigest, record.WeightsDigest);
    }

    [Fact]
    public void Should_EndInTheSameFigures_When_InterruptedAndStartedAgain()
    {
        var options = TinyMaterial.Options with { Draws = 1 };
        IReadOnlyList<string> recipes = [SubsetRecipe.Probe, SubsetRecipe.FineTuned];
        var straight = Run("straight", options, recipes);
        var interruptions = 0;
        // Stopped in ever later places: before the first scores, between two recipes, in the middle of fine-tuning.
        for (var allowed = 4; ; allowed *= 3)
        {
            try
            {
                var resumed = Run("resumed", options, recipes, new StopAfter(allowed));
                Assert.Equal(straight.Results, resumed.Results);
                break;
            }
            catch (OperationCanceledException)
            {
                interruptions++;
            }
        }

        Assert.True(interruptions > 1, "The study was never interrupted.");
    }

    [Fact]
    public void Should_EndInTheSameFigures_When_NothingCanBeKept()
    {
        var options = TinyMaterial.Options with { Draws = 1 };
        IReadOnlyList<string> recipes = [SubsetRecipe.Probe, SubsetRecipe.FineTuned];
        var kept = Run("kept", options, recipes);
        using var heard = new HeardWarnings();
        var study = new SubsetStudy(material, heard.BlockedFolder, options);
        Assert.Equal(kept.Results, study.Run(recipes).Results);
        Assert.All(heard.Lines, line => Assert.StartsWith("Warning: ", line, StringComparison.Ordinal));
        Assert.NotEmpty(heard.Lines);
    }

    [Fact]
    public void Should_GoOnFromKeptScores_When_RunAgain()
    {
        var first = Run("kept", recipes: SubsetRecipe.Frozen);
        var files = Scores("kept");
        Assert.NotEmpty(files);
        files.ForEach(file => File.SetLastWriteTimeUtc(file, LongAgo));
        var second = Run("kept", recipes: SubsetRecipe.Frozen, progress: new StopAfter(0));
        Assert.Equal(first.Results, second.Results);
        Assert.All(files, file => Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(file)));
    }

    [Fact]
    public void Should_OnlyAddTheNewDraw_When_OneMoreIsAskedFor()
    {
        var two = Run("draws", recipes: [SubsetRecipe.Probe]);
        var files = Scores("draws");
        files.ForEach(file => File.SetLastWriteTimeUtc(file, LongAgo));
        var three = Run("draws", TinyMaterial.Options with { Draws = 3 }, [SubsetRecipe.Probe]);
        Assert.All(files, file => Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(file)));
        Assert.Equal(2, Scores("draws").Count - files.Count);
        Assert.All(two.Results, result => Assert.Equal(result.Value, three.Results[result.Key]));
    }

    public static TheoryData<SubsetStudyOptions> Others =>
    [
        TinyMaterial.Options with { PerClass = 5 },
        TinyMaterial.Options with { Folds = 4 },
        TinyMaterial.Options with { Size = 20 },
        TinyMaterial.Options with { FineTuning = TinyMaterial.Options.FineTuning with { WeightDecay = 0.123 } },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Should_NeverTakeKeptScores_When_AnotherStudyMadeThem(SubsetStudyOptions other)
    {
        Run("both", recipes: [SubsetRecipe.Probe]);
        var kept = Scores("both");
        // The first study's kept scores are made unreadable: a study that took one of them would fail.
        kept.ForEach(file => File.WriteAllBytes(file, [1]));
        var mixed = Run("both", other, [SubsetRecipe.Probe]);
        Assert.Equal(Run("alone", other, [SubsetRecipe.Probe]).Results, mixed.Results);
        Assert.All(kept, file => Assert.Equal([1], File.ReadAllBytes(file)));
    }

    [Fact]
    public void Should_NeverTakeKeptScores_When_TheImagesDiffer()
    {
        Run("images", recipes: [SubsetRecipe.Probe]);
        Scores("images").ForEach(file => File.WriteAllBytes(file, [1]));
        using var others = TinyMaterial.Make();
        _ = others.Test.Images[0].fill_(7);
        var study = new SubsetStudy(others, folder.At("images"), TinyMaterial.Options, new StopAfter(int.MaxValue));
        Assert.Equal(1 + (5 * TinyMaterial.Options.Draws), study.Run([SubsetRecipe.Probe]).Results.Count);
    }

    [Fact]
    public void Should_HoldEveryLabelledImageOutOnce_When_FoldsAreDealt()
    {
        var study = new SubsetStudy(material, folder.At("folds"), TinyMaterial.Options with { PerClass = 4 });
        using var labelled = study.Labelled(0);
        var folds = study.Folds(labelled);
        Assert.Equal(Enumerable.Range(0, labelled.Count).Select(i => (long)i), folds.SelectMany(fold => fold).Order());
        Assert.All(folds, fold => Assert.Equal(2 * labelled.ClassNames.Count, fold.Length));
    }

    [Fact]
    public void Should_LearnNothingOfAHeldOutImage_When_ItsLabelIsFalse()
    {
        // Swapping labels inside the held-out fold must not change its scores: they come from a model that was fitted to the other fold.
        var study = new SubsetStudy(material, folder.At("blind"), TinyMaterial.Options);
        using var labelled = study.Labelled(0);
        var held = study.Folds(labelled)[0];
        var kept = study.Folds(labelled)[1];
        var learner = new SubsetLearner(material, TinyMaterial.Options, folder.At("blind-features"), new StopAfter(int.MaxValue));
        using var scope = torch.NewDisposeScope();
        var before = learner.Scores(SubsetRecipe.Logistic, labelled, kept, labelled, held, 0, folder.At("a"));
        var labels = labelled.Labels.clone();
        var index = torch.tensor(held);
        labels.index_copy_(0, index, labels.index_select(0, index).flip(0));
        using var swapped = new ImageSet("false", labelled.Images.clone(), labels, labelled.ClassNames, isStandIn: true);
        Assert.True(before.allclose(learner.Scores(SubsetRecipe.Logistic, swapped, kept, swapped, held, 0, folder.At("b"))));
    }

    [Fact]
    public void Should_ChooseWithoutTheTestImages_When_TheyAreOthers()
    {
        using var others = TinyMaterial.Make();
        _ = others.Test.Images.fill_(7);
        var study = new SubsetStudy(others, folder.At("others"), TinyMaterial.Options, new StopAfter(int.MaxValue));
        var (real, blank) = (Run("real", recipes: [SubsetRecipe.Probe]).Results, study.Run([SubsetRecipe.Probe]).Results);
        Assert.Equal(
            real[SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Probe, 0)], blank[SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Probe, 0)]);
        // The test images are all alike and so get the same answer, which is right for one class in ten.
        Assert.Equal(0.1, blank[SubsetStudyResult.TestKey(SubsetRecipe.Probe, 0)], 1e-9);
        Assert.NotEqual(0.1, real[SubsetStudyResult.TestKey(SubsetRecipe.Probe, 0)], 1e-9);
    }

    [Fact]
    public void Should_ReportWhatEachDrawChose_When_LossesDiffer()
    {
        var record = Run("chosen", recipes: [SubsetRecipe.Probe, SubsetRecipe.Logistic]);
        var results = new Dictionary<string, double>(record.Results)
        {
            [SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Probe, 0)] = 1,
            [SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Logistic, 0)] = 2,
            [SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Probe, 1)] = 2,
            [SubsetStudyResult.HeldOutLossKey(SubsetRecipe.Logistic, 1)] = 1,
            [SubsetStudyResult.TestKey(SubsetRecipe.Probe, 0)] = 0.25,
            [SubsetStudyResult.TestKey(SubsetRecipe.Logistic, 0)] = 1,
            [SubsetStudyResult.TestKey(SubsetRecipe.Probe, 1)] = 1,
            [SubsetStudyResult.TestKey(SubsetRecipe.Logistic, 1)] = 0.75,
        };
        var result = new SubsetStudyResult(record with { Results = results });
        Assert.Equal([SubsetRecipe.Probe, SubsetRecipe.Logistic], result.Chosen);
        Assert.Equal(0.5, result.OfChosen.Mean);
    }

    [Fact]
    public void Should_AverageLogProbabilities_When_TwoRecipesAreCombined()
    {
        Run("combined", TinyMaterial.Options with { Draws = 1 });
        // One recipe is sure of the first class and calls the second unlikely; the other recipe calls the first class impossible. The mean
        // of the log-probabilities takes the second class, the mean of the probabilities would take the first; scores are shifted, which
        // must not matter.
        Overwrite("combined", SubsetRecipe.LogisticBoth, [0.7, 0.2, 0.1], shift: 5);
        Overwrite("combined", SubsetRecipe.FineTuned, [1e-6, 0.2, 0.1], shift: -3);
        var second = material.Test.LabelValues.Count(label => label == 1) / (double)material.Test.Count;
        var results = Run("combined", TinyMaterial.Options with { Draws = 1 }).Results;
        Assert.Equal(second, results[SubsetStudyResult.TestKey(SubsetRecipe.Combined, 0)]);
        Assert.Equal(
            material.Test.LabelValues.Count(label => label == 0) / (double)material.Test.Count,
            results[SubsetStudyResult.TestKey(SubsetRecipe.LogisticBoth, 0)]);
    }

    [Fact]
    public void Should_CountTheTimeOfARecipeOnce_When_ACombinationReadsItAgain()
    {
        var singly = Run("time", recipes: [SubsetRecipe.LogisticBoth, SubsetRecipe.FineTuned]);
        var together = Run("time", recipes: [SubsetRecipe.LogisticBoth, SubsetRecipe.FineTuned, SubsetRecipe.Combined]);
        Assert.Equal(singly.Seconds, together.Seconds);
    }

    [Fact]
    public void Should_NameTheFile_When_KeptScoresAreCutShort()
    {
        Run("damaged", recipes: [SubsetRecipe.Probe]);
        var file = Scores("damaged")[0];
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);
        var error = Assert.Throws<FewShotException>(() => Run("damaged", recipes: [SubsetRecipe.Probe]));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_KeptScoresAreOfAnotherKind()
    {
        Run("foreign", recipes: [SubsetRecipe.Probe]);
        var file = Scores("foreign")[0];
        using var zeros = torch.zeros(2, 2);
        TensorFile.Write(file, new Dictionary<string, torch.Tensor> { ["scores"] = zeros });
        var error = Assert.Throws<FewShotException>(() => Run("foreign", recipes: [SubsetRecipe.Probe]));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheRecipes_When_OneIsUnknown()
    {
        var error = Assert.Throws<FewShotException>(() => Run("unknown", recipes: ["magic"]));
        Assert.Contains("'magic'", error.Message, StringComparison.Ordinal);
        Assert.Contains(SubsetRecipe.Probe, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2, 3)]
    [InlineData(2, 1)]
    public void Should_Refuse_When_FoldsDoNotFit(int perClass, int folds) =>
        Assert.Throws<FewShotException>(() => Run("small", TinyMaterial.Options with { PerClass = perClass, Folds = folds }));

    [Fact]
    public void Should_SayWhichClassIsTooSmall_When_ADrawTakesTooMuch() =>
        Assert.Throws<FewShotException>(() => Run("small", TinyMaterial.Options with { PerClass = 6 }));

    [Fact]
    public void Should_KeepNoTensor_When_Run()
    {
        Run("first", TinyMaterial.Options with { Draws = 1 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run("second", TinyMaterial.Options with { Draws = 1 });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private RunRecord Run(
        string name,
        SubsetStudyOptions? options = null,
        IReadOnlyList<string>? recipes = null,
        IProgress<StepProgress>? progress = null)
    {
        var study = new SubsetStudy(material, folder.At(name), options ?? TinyMaterial.Options, progress ?? new StopAfter(int.MaxValue));
        return study.Run(recipes);
    }

    /// <summary>The kept scores: safetensors files that lie outside the folder of features.</summary>
    private List<string> Scores(string name) =>
        [.. Directory.GetFiles(folder.At(name), "*.safetensors", SearchOption.AllDirectories)
            .Where(file => Path.GetFileName(Path.GetDirectoryName(file)) != "features").Order(StringComparer.Ordinal)];

    /// <summary>Puts other scores, the same for every image, in place of a recipe's kept ones on draw 0.</summary>
    private void Overwrite(string name, string recipe, double[] probabilities, double shift)
    {
        using var scope = torch.NewDisposeScope();
        var start = $"{recipe}, {SubsetStudyResult.DrawName(0)}.".Replace(' ', '-');
        var path = Assert.Single(Scores(name), file => Path.GetFileName(file).StartsWith(start, StringComparison.Ordinal));
        Dictionary<string, torch.Tensor> tensors = [];
        IReadOnlyDictionary<string, string> metadata;
        using (var file = TensorFile.Read(path))
        {
            metadata = file.Metadata;
            var (key, old) = Assert.Single(file.Tensors);
            var row = torch.full([old.shape[1]], 1e-9, old.dtype);
            for (var i = 0; i < probabilities.Length; i++)
                row[i] = probabilities[i];
            tensors[key] = (row.log() + shift).expand(old.shape).clone();
        }

        TensorFile.Write(path, tensors, metadata);
    }

    /// <summary>Lets a number of reports pass and throws at the next, as when a person stops the study.</summary>
    private sealed class StopAfter(int allowed) : IProgress<StepProgress>
    {
        private int left = allowed;

        public void Report(StepProgress value)
        {
            if (left-- <= 0)
                throw new OperationCanceledException();
        }
    }
}
