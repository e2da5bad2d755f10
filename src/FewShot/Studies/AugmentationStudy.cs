using System.Globalization;
using System.Text.Json;
using FewShot.Course;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>
/// What each augmentation brings with few labels, paired draw by draw with images as they are: for a head on a bank of varied views, for
/// the network trained further, for a recipe chosen inside the labels; and two tasks where an augmentation contradicts the labels. A study
/// that was stopped goes on with the draws that it has.
/// </summary>
public sealed class AugmentationStudy
{
    /// <summary>Support drawings of each of two characters.</summary>
    public const int TwinShots = 5;

    /// <summary>Draws of support and queries of each pair of characters.</summary>
    public const int TwinDraws = 50;

    private readonly CourseMaterial material;
    private readonly AugmentationStudyOptions options;
    private readonly string features;
    private readonly string kept;
    private readonly IProgress<StepProgress> progress;

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="material">Images and backbone; stays the caller's.</param>
    /// <param name="work">Where features and finished draws are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public AugmentationStudy(
        CourseMaterial material, string work, AugmentationStudyOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentException.ThrowIfNullOrWhiteSpace(work);
        this.options = options ?? new AugmentationStudyOptions();
        this.options.Check();
        (this.material, this.progress) = (material, progress ?? ProgressSink.Current);
        features = Path.Combine(work, "features");
        kept = Path.Combine(work, Identity());
    }

    /// <summary>Measures what is not kept yet.</summary>
    /// <param name="twins">Characters that a change makes alike, by the names of <see cref="TwinMaterial"/>; null leaves that part
    /// out.</param>
    /// <param name="cancel">Stops after the current draw.</param>
    /// <returns>The record: see <see cref="AugmentationResult"/>.</returns>
    /// <exception cref="FewShotException">A class has too few images, or a kept file is damaged.</exception>
    public RunRecord Run(IReadOnlyDictionary<string, TwinCharacters>? twins = null, CancellationToken cancel = default)
    {
        var results = new Dictionary<string, double>();
        var seconds = OnFeatures(results, cancel) + OnTints(results, cancel);
        foreach (var (change, characters) in twins ?? new Dictionary<string, TwinCharacters>())
            Orient(results, change, characters);
        seconds += Tuned(results, cancel);
        return StudyRecords.Capture($"{material.Train.Name}: augmentations, {material.Backbone.Name}", material, options.Draws) with
        {
            Protocol = Protocol(),
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = seconds,
        };
    }

    private double OnFeatures(Dictionary<string, double> results, CancellationToken cancel)
    {
        using var pool = new DrawnPool(material.Train, options.PerClass.Concat(options.TunedPerClass), options.Draws);
        using var test = Bank(material.Test, AugmentationRecipe.None, options.Size);
        var banks = new List<FeatureBank>();
        try
        {
            foreach (var recipe in AugmentationRecipe.OfOneImage)
            {
                cancel.ThrowIfCancellationRequested();
                banks.Add(Bank(pool.Images, recipe, options.Size));
            }

            Accuracy Judge(FeatureBank bank, int perClass, int draw)
            {
                using var labelled = pool.Labelled(bank, perClass, draw);
                using var head = RidgeHead.Fit(labelled);
                return test.Predict(head).Accuracy;
            }

            results[AugmentationResult.TestImages(AugmentationResult.Features)] = test.Count;
            var seconds = 0.0;
            foreach (var perClass in options.PerClass)
            {
                foreach (var (recipe, bank) in AugmentationRecipe.OfOneImage.Zip(banks))
                {
                    seconds += Put(
                        results, AugmentationResult.Features, recipe.Name, perClass, draw => Judge(bank, perClass, draw), cancel);
                }

                var choices = Choices(banks, perClass, pool, cancel);
                seconds += choices.Seconds;
                for (var draw = 0; draw < options.Draws; draw++)
                {
                    var chosen = (int)choices.Results[SubsetStudyResult.DrawName(draw)];
                    results[AugmentationResult.ChoiceKey(perClass, draw)] = chosen;
                    results[AugmentationResult.Key(AugmentationResult.Features, AugmentationResult.Chosen, perClass, draw)] = results[
                        AugmentationResult.Key(
                            AugmentationResult.Features, AugmentationRecipe.OfOneImage[chosen].Name, perClass, draw)];
                }
            }

            return seconds;
        }
        finally
        {
            banks.ForEach(bank => bank.Dispose());
        }
    }

    /// <summary>The place of the recipe that cross-validation inside the labels takes, for each draw.</summary>
    private RunRecord Choices(List<FeatureBank> banks, int perClass, DrawnPool pool, CancellationToken cancel) =>
        KeptDraws.CompleteValues(KeptPath("choice", "inside the labels", perClass), "choice", options.Draws, draw =>
        {
            var labelled = banks.Select(bank => pool.Labelled(bank, perClass, draw)).ToList();
            try
            {
                // Of several with the same error the first is taken, and the images as they are come first.
                return AugmentationPolicy.Errors(labelled, options.Folds).Index().MinBy(one => one.Item).Index;
            }
            finally
            {
                labelled.ForEach(bank => bank.Dispose());
            }
        }, progress, cancel);

    /// <summary>Classes that are colours: images tinted, with varied colours among the views and without.</summary>
    private double OnTints(Dictionary<string, double> results, CancellationToken cancel)
    {
        ImageSet Tinted(ImageSet source, int perClass)
        {
            using var some = source.Select(Subset.Draw(source, perClass, seed: 0));
            return TintedImages.Make(some, options.Tints);
        }

        using var pool = Tinted(material.Train, options.TintedPool);
        using var judged = Tinted(material.Test, options.TintedTest);
        using var test = Bank(judged, AugmentationRecipe.None, options.Size);
        results[AugmentationResult.TestImages(AugmentationResult.Tints)] = test.Count;
        var seconds = 0.0;
        foreach (var recipe in new[] { AugmentationRecipe.None, AugmentationRecipe.Flip, AugmentationRecipe.Colour })
        {
            using var bank = Bank(pool, recipe, options.Size);
            seconds += Put(results, AugmentationResult.Tints, recipe.Name, options.TintedPerClass, draw =>
            {
                using var labelled = bank.Select(Subset.Draw(pool, options.TintedPerClass, draw));
                using var head = RidgeHead.Fit(labelled);
                return test.Predict(head).Accuracy;
            }, cancel);
        }

        return seconds;
    }

    private static void Orient(Dictionary<string, double> results, string change, TwinCharacters characters)
    {
        (string, IReadOnlyList<CharacterPair>)[] kinds = [("twins", characters.Closest()), ("any two", characters.Any(seed: 0))];
        foreach (var (kind, pairs) in kinds)
        {
            double[] Accuracies(bool copies) => [.. pairs.Select(pair => characters.Accuracy(pair, TwinShots, TwinDraws, copies))];
            var (without, with) = (Accuracies(false), Accuracies(true));
            double[] differences = [.. without.Zip(with, (a, b) => b - a)];
            var key = AugmentationResult.OrientationKey(change, kind);
            RecordedMean.Put(results, key, differences.Average(), Interval.OfMean(differences));
            results[key + ", without"] = without.Average();
            results[key + ", with"] = with.Average();
            results[key + ", alphabets"] = pairs.Count;
        }
    }

    private double Tuned(Dictionary<string, double> results, CancellationToken cancel)
    {
        if (options.TunedPerClass.Count == 0)
            return 0;
        using var test = material.Test.Select(Subset.Draw(material.Test, options.TunedTestPerClass, seed: 0));
        results[AugmentationResult.TestImages(AugmentationResult.FineTuned)] = test.Count;
        var seconds = 0.0;
        foreach (var perClass in options.TunedPerClass)
        {
            foreach (var recipe in AugmentationRecipe.All)
            {
                seconds += Put(results, AugmentationResult.FineTuned, recipe.Name, perClass, draw =>
                {
                    using var labelled = material.Train.Select(Labelled(perClass, draw));
                    return Tune(recipe, labelled, test, draw);
                }, cancel);
            }
        }

        return seconds;
    }

    /// <summary>The last stage trained further, from a logistic regression on the images as they are on.</summary>
    private Accuracy Tune(AugmentationRecipe recipe, ImageSet labelled, ImageSet test, int draw)
    {
        using var network = material.NewNetwork(labelled.ClassNames);
        using (var bank = Bank(labelled, AugmentationRecipe.None, options.TunedSize))
        using (var start = LogisticRegression.Fit(bank, new() { Strengths = [LabelTableMethod.PenaltyOfOneLabel] }))
            NetworkClassifier.StartFrom(network, start.Head);
        // The settings of the course's fine-tuning, but for the last stage alone and fewer steps.
        var settings = new SubsetStudyOptions().FineTuning with
        {
            Preprocessing = At(options.TunedSize),
            Augmentation = recipe.Augmentation,
            Mixing = recipe.Mixing,
            FrozenGroups = network.Groups.Count - 1,
            Epochs = Math.Max(1, options.TunedPasses / labelled.Count),
            Seed = draw,
        };
        settings = settings with { WarmUpSteps = settings.Epochs * settings.StepsPerEpoch(labelled) / 10 };
        using (var tuner = new FineTuner(network, labelled, validation: null, settings))
            _ = tuner.Run(progress: progress);
        return NetworkClassifier.Predict(network, test, settings.Preprocessing, progress: progress).Accuracy;
    }

    private long[] Labelled(int perClass, int draw) => Subset.Draw(material.Train, perClass, draw);

    private Preprocessing At(int size) => material.Preprocessing with { Size = size };

    private FeatureBank Bank(ImageSet images, AugmentationRecipe recipe, int size) =>
        FeatureBank.ExtractOrLoad(features, material.Backbone, images, At(size), recipe.Views(options.Views), progress);

    private double Put(
        Dictionary<string, double> results, string part, string recipe, int perClass, Func<int, Accuracy> judge, CancellationToken cancel)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{part}, {recipe}, {perClass} of each class");
        var row = KeptDraws.Complete(KeptPath(part, recipe, perClass), name, options.Draws, judge, progress, cancel);
        for (var draw = 0; draw < options.Draws; draw++)
            results[AugmentationResult.Key(part, recipe, perClass, draw)] = row.Results[SubsetStudyResult.DrawName(draw)];
        return row.Seconds;
    }

    private string KeptPath(string part, string recipe, int perClass) => Path.Combine(
        kept, string.Create(CultureInfo.InvariantCulture, $"{part}, {recipe}, {perClass} labels.json").Replace(' ', '-'));

    private string Protocol() => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Draws} draws of the labelled images; every recipe learns from the same draws. Features: a ridge regression, its "
        + $"penalty chosen by leaving out each image with all its views, on each labelled image and {options.Views} varied views of it (of "
        + $"a flip the mirror image), varied at {material.Train.Height} px and enlarged to {options.Size} px; judged on all "
        + $"{material.Test.Count:N0} test images, one view of each. Chosen inside the labels: {options.Folds}-fold cross-validation of the "
        + $"squared error on labelled images as they are. Mixed images have two labels, so they are no views of an image and are measured "
        + $"by fine-tuning alone. Fine-tuning: the last stage at 3e-4 and the head at 1e-3 (AdamW, batches of 25, cosine, "
        + $"label smoothing 0.1: settings fixed on classes of CIFAR-100) for {options.TunedPasses:N0} images, from a "
        + $"logistic regression on the images as they are, at {options.TunedSize} px, varied at that size; judged on a fixed "
        + $"{options.TunedTestPerClass} test images of each class (seed 0). Strengths are usual ones; none was "
        + $"tuned. Tints: {options.TintedTest} test images of each class (seed 0), made grey and tinted in {options.Tints} hues in turn; "
        + $"{options.TintedPerClass} labelled images of each hue among {options.TintedPool} of each class (seed 0); the head as for "
        + $"features. Omniglot: two characters of each alphabet of the test part, upright, told apart by the nearer prototype of the "
        + $"course's prototypical network, {TwinShots} support drawings of each, without and with a changed copy of each support drawing; "
        + $"twins are the two characters that the change brings nearest to one another by the network's mean vectors of their first ten "
        + $"drawings, support and queries come from the other ten, {TwinDraws} draws; the interval is over alphabets.");

    /// <summary>
    /// Equal for equal images, weights, recipes and settings. Numbers of labels and of draws are left out: more of them only add files.
    /// </summary>
    private string Identity() => FeatureSource.Hash(
        material.Train.Digest,
        material.Test.Digest,
        material.Backbone.WeightsDigest,
        material.Preprocessing.Key,
        JsonSerializer.Serialize(AugmentationRecipe.All),
        JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Draws = 2, PerClass = [], TunedPerClass = [] })))[..16];
}
