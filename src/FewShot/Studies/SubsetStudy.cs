using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using FewShot.Course;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.SafeTensors;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// The course's main measurement: a few labelled images of each class, and no other label. On every draw the recipes are compared by
/// cross-validation inside the labelled images, and the one with the lowest held-out loss is that draw's choice. Then the test images
/// judge, once.
/// </summary>
/// <remarks>The scores of every recipe on every draw are kept as they are finished: an interrupted study goes on from there.</remarks>
public sealed class SubsetStudy
{
    private const string ScoresKey = "scores";
    private const string SecondsKey = "seconds";

    private readonly CourseMaterial material;
    private readonly SubsetStudyOptions options;
    private readonly string folder;
    private readonly string identity;
    private readonly SubsetLearner learner;
    // Seconds by file, since a combination reads the scores of its members again: each file counts once.
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="material">Images and backbone; stays the caller's.</param>
    /// <param name="folder">Where scores and features are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">There are fewer than 2 folds, or fewer images of each class than folds.</exception>
    public SubsetStudy(CourseMaterial material, string folder, SubsetStudyOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.material = material;
        this.options = options ?? new SubsetStudyOptions();
        this.folder = folder;
        if (this.options.Folds < 2 || this.options.PerClass < this.options.Folds)
        {
            throw new FewShotException(
                "The study needs at least 2 folds, and as many images of each class as folds; "
                + $"found {this.options.Folds} folds and {this.options.PerClass} images.");
        }

        identity = Identity();
        learner = new SubsetLearner(material, this.options, Path.Combine(folder, "features"), progress ?? ProgressSink.Current);
    }

    /// <summary>Compares the recipes inside every draw, then judges them on the test images.</summary>
    /// <param name="recipes">Some of <see cref="SubsetRecipe.All"/>, or null for all.</param>
    /// <returns>The record: see <see cref="SubsetStudyResult"/>.</returns>
    /// <exception cref="FewShotException">A recipe is unknown, or a kept file is damaged.</exception>
    public RunRecord Run(IReadOnlyList<string>? recipes = null)
    {
        recipes ??= SubsetRecipe.All;
        SubsetRecipe.Check(recipes);
        seconds.Clear();
        var results = new Dictionary<string, double> { [SubsetStudyResult.TestImages] = material.Test.Count };
        // All choices stand before the first test image is looked at.
        for (var draw = 0; draw < options.Draws; draw++)
        {
            using var labelled = Labelled(draw);
            foreach (var recipe in recipes)
                PutHeldOut(results, recipe, draw, labelled);
        }

        for (var draw = 0; draw < options.Draws; draw++)
        {
            using var labelled = Labelled(draw);
            var distinct = NearDuplicates.Without(material.Test, labelled);
            results[SubsetStudyResult.DuplicatesKey(draw)] = material.Test.Count - distinct.Length;
            foreach (var recipe in recipes.Except([SubsetRecipe.FineTunedPlain]))
                PutJudged(results, recipe, draw, labelled, distinct);
        }

        var name = string.Create(
            CultureInfo.InvariantCulture, $"{material.Train.Name}: {options.PerClass} labels of each class, {options.Draws} draws");
        return StudyRecords.Capture(name, material, options.Draws) with
        {
            Protocol = Protocol(recipes),
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = seconds.Values.Sum(),
        };
    }

    /// <summary>The labelled images of one draw; the caller disposes of them.</summary>
    internal ImageSet Labelled(int draw) =>
        material.Train.Select(
            Subset.Draw(material.Train, options.PerClass, draw), $"{material.Train.Name}, {SubsetStudyResult.DrawName(draw)}");

    /// <summary>The positions in a draw that each fold holds out.</summary>
    internal IReadOnlyList<long[]> Folds(ImageSet labelled)
    {
        var folds = StratifiedFolds.Assign(labelled.LabelValues, options.Folds);
        return [.. Enumerable.Range(0, options.Folds).Select(fold =>
            Positions(labelled).Where(position => folds[position] == fold).ToArray())];
    }

    private static long[] Positions(ImageSet images) => [.. Enumerable.Range(0, images.Count).Select(position => (long)position)];

    private void PutHeldOut(Dictionary<string, double> results, string recipe, int draw, ImageSet labelled)
    {
        using var scores = HeldOut(recipe, draw, labelled);
        var predictions = new Predictions(scores, labelled.Labels, labelled.ClassNames);
        results[SubsetStudyResult.HeldOutLossKey(recipe, draw)] = predictions.Loss;
        results[SubsetStudyResult.HeldOutKey(recipe, draw)] = predictions.Accuracy.Value;
    }

    private void PutJudged(Dictionary<string, double> results, string recipe, int draw, ImageSet labelled, long[] distinct)
    {
        using var scores = Judged(recipe, draw, labelled);
        var predictions = new Predictions(scores, material.Test.Labels, material.Test.ClassNames);
        results[SubsetStudyResult.TestKey(recipe, draw)] = predictions.Accuracy.Value;
        results[SubsetStudyResult.DistinctKey(recipe, draw)] = predictions.AccuracyAmong(distinct).Value;
    }

    /// <summary>What a recipe says of each labelled image while it learns from the other folds.</summary>
    private torch.Tensor HeldOut(string recipe, int draw, ImageSet labelled)
    {
        if (recipe == SubsetRecipe.Combined)
            return SubsetRecipe.Combine(member => HeldOut(member, draw, labelled));
        return Kept(recipe, $"{SubsetStudyResult.DrawName(draw)}, held out", labelled.Count, checkpoint =>
        {
            var scores = torch.zeros(labelled.Count, labelled.ClassNames.Count);
            foreach (var (fold, held) in Folds(labelled).Index())
            {
                var others = Positions(labelled).Except(held).ToArray();
                scores = scores.index_copy(
                    0,
                    torch.tensor(held),
                    learner.Scores(recipe, labelled, others, labelled, held, draw, $"{checkpoint}{fold}"));
            }

            return scores;
        });
    }

    /// <summary>What a recipe that learned from the whole draw says of each test image.</summary>
    private torch.Tensor Judged(string recipe, int draw, ImageSet labelled) => recipe == SubsetRecipe.Combined
        ? SubsetRecipe.Combine(member => Judged(member, draw, labelled))
        : Kept(recipe, SubsetStudyResult.DrawName(draw), material.Test.Count, checkpoint =>
            learner.Scores(recipe, labelled, Positions(labelled), material.Test, Positions(material.Test), draw, checkpoint));

    /// <summary>The scores of a recipe, kept or computed now; N x classes.</summary>
    private torch.Tensor Kept(string recipe, string part, int count, Func<string, torch.Tensor> compute)
    {
        var path = Path.Combine(folder, identity, $"{recipe}, {part}.safetensors".Replace(' ', '-'));
        if (!File.Exists(path))
        {
            var clock = Stopwatch.StartNew();
            using var scope = torch.NewDisposeScope();
            var scores = compute(Path.ChangeExtension(path, ".checkpoint"));
            seconds[path] = clock.Elapsed.TotalSeconds;
            var metadata = new Dictionary<string, string> { [SecondsKey] = seconds[path].ToString(CultureInfo.InvariantCulture) };
            new KeptFile(path, "The study goes on with the scores, and computes them again the next time.").Write(
                file => TensorFile.Write(file, new Dictionary<string, torch.Tensor> { [ScoresKey] = scores }, metadata));
            return scores.MoveToOuterDisposeScope();
        }

        using var file = TensorFile.Read(path);
        long[] expected = [count, material.Train.ClassNames.Count];
        if (!file.Tensors.TryGetValue(ScoresKey, out var kept) || !kept.shape.SequenceEqual(expected)
            || !double.TryParse(file.Metadata.GetValueOrDefault(SecondsKey), CultureInfo.InvariantCulture, out var took))
        {
            throw new FewShotException(
                $"{path} is no kept result of this study: it needs a tensor '{ScoresKey}' of [{string.Join(", ", expected)}] "
                + $"and the metadata '{SecondsKey}'. Delete it to compute it again.");
        }

        seconds[path] = took;
        return kept.clone();
    }

    private string Protocol(IReadOnlyList<string> recipes)
    {
        var tuned = recipes.Except(SubsetRecipe.Frozen).Any()
            ? " The settings of the fine-tuning were fixed on ten classes of CIFAR-100, none of which is a class of CIFAR-10."
            : string.Empty;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Each draw has {options.PerClass} labelled images of each class, and no other label is used: recipe, size and penalty are "
            + $"chosen inside them. Recipes are compared by {options.Folds}-fold cross-validation; the choice of a draw is the recipe "
            + $"with the lowest held-out cross-entropy.{tuned} After that the recipes are judged once on "
            + $"{material.Test.Count:N0} test images, the scores of an image and its mirror image averaged.");
    }

    /// <summary>
    /// Equal for equal images, weights and settings: scores of another study are never taken for this one's. The number of draws is
    /// left out: further draws only add files.
    /// </summary>
    private string Identity() => FeatureSource.Hash(
        material.Train.Digest,
        material.Test.Digest,
        material.Backbone.WeightsDigest,
        material.Preprocessing.Key,
        JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Draws = 0 })))[..16];
}
