using FewShot.Models.Weights;
using FewShot.Runtime;
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
        Assert.Equal(2 + (SubsetStudy.Recipes.Count * (1 + TinyMaterial.Options.Draws)), record.Results.Count);
        Assert.All(record.Results.Where(result => result.Key.Contains('|', StringComparison.Ordinal)), result => Assert.InRange(result.Value, 0, 1));
        Assert.Equal(SubsetStudy.Recipes, new SubsetStudyResult(record).Recipes);
        Assert.True(record.UsesStandIn);
        Assert.Equal(material.Test.Digest, record.Data[material.Test.Name]);
        Assert.Equal(material.Backbone.WeightsDigest, record.WeightsDigest);
    }

    [Fact]
    public void Should_EndInTheSameFigures_When_InterruptedAndStartedAgain()
    {
        var options = TinyMaterial.Options with { Draws = 1 };
        IReadOnlyList<string> recipes = [SubsetStudy.Probe, SubsetStudy.FineTuned];
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
    public void Should_GoOnFromKeptScores_When_RunAgain()
    {
        var first = Run("kept", recipes: SubsetStudy.FrozenRecipes);
        var files = Scores("kept");
        Assert.NotEmpty(files);
        files.ForEach(file => File.SetLastWriteTimeUtc(file, LongAgo));
        var second = Run("kept", recipes: SubsetStudy.FrozenRecipes, progress: new StopAfter(0));
        Assert.Equal(first.Results, second.Results);
        Assert.All(files, file => Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(file)));
    }

    [Fact]
    public void Should_OnlyAddTheNewDraw_When_OneMoreIsAskedFor()
    {
        var two = Run("draws", recipes: [SubsetStudy.Probe]);
        var files = Scores("draws");
        files.ForEach(file => File.SetLastWriteTimeUtc(file, LongAgo));
        var three = Run("draws", TinyMaterial.Options with { Draws = 3 }, [SubsetStudy.Probe]);
        Assert.All(files, file => Assert.Equal(LongAgo, File.GetLastWriteTimeUtc(file)));
        Assert.Equal(1, Scores("draws").Count - files.Count);
        Assert.All(two.Results, result => Assert.Equal(result.Value, three.Results[result.Key]));
    }

    public static TheoryData<SubsetStudyOptions> Others =>
    [
        TinyMaterial.Options with { PerClass = 3 },
        TinyMaterial.Options with { ValidationPerClass = 1 },
        TinyMaterial.Options with { ChoiceSeed = 778 },
        TinyMaterial.Options with { FineTuning = TinyMaterial.Options.FineTuning with { WeightDecay = 0.123 } },
    ];

    [Theory]
    [MemberData(nameof(Others))]
    public void Should_NeverTakeKeptScores_When_AnotherStudyMadeThem(SubsetStudyOptions other)
    {
        Run("both", recipes: [SubsetStudy.Probe]);
        var kept = Scores("both");
        // Scores of the first study that nobody could mistake: were one of them taken, it would be read, and fail.
        kept.ForEach(file => File.WriteAllBytes(file, [1]));
        var mixed = Run("both", other, [SubsetStudy.Probe]);
        Assert.Equal(Run("alone", other, [SubsetStudy.Probe]).Results, mixed.Results);
        Assert.All(kept, file => Assert.Equal([1], File.ReadAllBytes(file)));
    }

    [Fact]
    public void Should_NeverTakeKeptScores_When_TheImagesDiffer()
    {
        Run("images", recipes: [SubsetStudy.Probe]);
        Scores("images").ForEach(file => File.WriteAllBytes(file, [1]));
        using var others = TinyMaterial.Make();
        _ = others.Test.Images[0].fill_(7);
        using var study = new SubsetStudy(others, folder.At("images"), TinyMaterial.Options, new StopAfter(int.MaxValue));
        Assert.Equal(3 + TinyMaterial.Options.Draws, study.Run([SubsetStudy.Probe]).Results.Count);
    }

    [Fact]
    public void Should_SetTheChoosingImagesApart_When_ImagesAreLabelled()
    {
        // 5 of each class, 2 to choose: a draw of the other 3 is all of them.
        using var scope = torch.NewDisposeScope();
        using var study = new SubsetStudy(material, folder.At("apart"), TinyMaterial.Options with { PerClass = 3 });
        for (var seed = 0; seed < 3; seed++)
        {
            using var labelled = study.Labelled(seed, "draw");
            var both = torch.cat([labelled.Images, study.Validation.Images], 0).flatten(1);
            Assert.Equal(material.Train.Count, torch.unique(both, dim: 0).output.shape[0]);
        }
    }

    [Fact]
    public void Should_ChooseWithoutTheTestImages_When_TheyAreOthers()
    {
        using var others = TinyMaterial.Make();
        _ = others.Test.Images.fill_(7);
        using var study = new SubsetStudy(others, folder.At("others"), TinyMaterial.Options, new StopAfter(int.MaxValue));
        var (real, blank) = (Run("real", recipes: [SubsetStudy.Probe]).Results, study.Run([SubsetStudy.Probe]).Results);
        Assert.Equal(real[SubsetStudyResult.ChoiceKey(SubsetStudy.Probe)], blank[SubsetStudyResult.ChoiceKey(SubsetStudy.Probe)]);
        // Of images that are all alike one class in ten is right.
        Assert.Equal(0.1, blank[SubsetStudyResult.DrawKey(SubsetStudy.Probe, 0)], 1e-9);
        Assert.NotEqual(0.1, real[SubsetStudyResult.DrawKey(SubsetStudy.Probe, 0)], 1e-9);
    }

    [Fact]
    public void Should_AverageLogProbabilities_When_TwoRecipesAreCombined()
    {
        Run("combined", TinyMaterial.Options with { Draws = 1 });
        // The one is sure of the first class and calls the second unlikely; the other calls the first impossible. The mean of the
        // log-probabilities takes the second class, the mean of the probabilities would take the first; scores are shifted, which must not matter.
        Overwrite("combined", SubsetStudy.Logistic, [0.7, 0.2, 0.1], shift: 5);
        Overwrite("combined", SubsetStudy.FineTuned, [1e-6, 0.2, 0.1], shift: -3);
        var second = material.Test.LabelValues.Count(label => label == 1) / (double)material.Test.Count;
        var results = Run("combined", TinyMaterial.Options with { Draws = 1 }).Results;
        Assert.Equal(second, results[SubsetStudyResult.DrawKey(SubsetStudy.Combined, 0)]);
        Assert.Equal(material.Test.LabelValues.Count(label => label == 0) / (double)material.Test.Count, results[SubsetStudyResult.DrawKey(SubsetStudy.Logistic, 0)]);
    }

    [Fact]
    public void Should_CountTheTimeOfARecipeOnce_When_ACombinationReadsItAgain()
    {
        var singly = Run("time", recipes: [SubsetStudy.Logistic, SubsetStudy.FineTuned]);
        var together = Run("time", recipes: [SubsetStudy.Logistic, SubsetStudy.FineTuned, SubsetStudy.Combined]);
        Assert.Equal(singly.Seconds, together.Seconds);
    }

    [Fact]
    public void Should_NameTheFile_When_KeptScoresAreCutShort()
    {
        Run("damaged", recipes: [SubsetStudy.Probe]);
        var file = Scores("damaged")[0];
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^5]);
        var error = Assert.Throws<FewShotException>(() => Run("damaged", recipes: [SubsetStudy.Probe]));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheFile_When_KeptScoresAreOfAnotherKind()
    {
        Run("foreign", recipes: [SubsetStudy.Probe]);
        var file = Scores("foreign")[0];
        using var zeros = torch.zeros(2, 2);
        SafeTensors.Write(file, new Dictionary<string, torch.Tensor> { ["scores"] = zeros });
        var error = Assert.Throws<FewShotException>(() => Run("foreign", recipes: [SubsetStudy.Probe]));
        Assert.Contains(file, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_NameTheRecipes_When_OneIsUnknown()
    {
        var error = Assert.Throws<FewShotException>(() => Run("unknown", recipes: ["magic"]));
        Assert.Contains("'magic'", error.Message, StringComparison.Ordinal);
        Assert.Contains(SubsetStudy.Probe, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Should_SayWhichClassIsTooSmall_When_ValidationTakesTooMuch() =>
        Assert.Throws<FewShotException>(() => Run("small", TinyMaterial.Options with { ValidationPerClass = 6 }));

    [Fact]
    public void Should_KeepNoTensor_When_Run()
    {
        Run("first", TinyMaterial.Options with { Draws = 1 });
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        Run("second", TinyMaterial.Options with { Draws = 1 });
        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private RunRecord Run(string name, SubsetStudyOptions? options = null, IReadOnlyList<string>? recipes = null, IProgress<StepProgress>? progress = null)
    {
        using var study = new SubsetStudy(material, folder.At(name), options ?? TinyMaterial.Options, progress ?? new StopAfter(int.MaxValue));
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
        var path = Assert.Single(Scores(name), file => Path.GetFileName(file).StartsWith($"{recipe}, {SubsetStudyResult.DrawName(0)}".Replace(' ', '-'), StringComparison.Ordinal));
        Dictionary<string, torch.Tensor> tensors = [];
        IReadOnlyDictionary<string, string> metadata;
        using (var file = SafeTensors.Read(path))
        {
            metadata = file.Metadata;
            var (key, old) = Assert.Single(file.Tensors);
            var row = torch.full([old.shape[1]], 1e-9, old.dtype);
            for (var i = 0; i < probabilities.Length; i++)
                row[i] = probabilities[i];
            tensors[key] = (row.log() + shift).expand(old.shape).clone();
        }

        SafeTensors.Write(path, tensors, metadata);
    }

    /// <summary>Throws at the report after so many, as a person who stops the study.</summary>
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
