using System.Globalization;
using System.Text.Json;
using FewShot.Course;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>
/// Accuracy on the whole test set against the number of labelled images of each class, for every head of the course on one frozen backbone,
/// several draws of the labels each; on demand also for the network trained further. A study that was stopped goes on with the draws that
/// it has.
/// </summary>
public sealed class LabelTableStudy
{
    private readonly CourseMaterial material;
    private readonly LabelTableOptions options;
    private readonly string work;
    private readonly string kept;
    private readonly IProgress<StepProgress> progress;

    /// <summary>Prepares a study; nothing is computed yet.</summary>
    /// <param name="material">Images and backbone; stays the caller's.</param>
    /// <param name="work">Where features and finished draws are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <exception cref="FewShotException">A setting is out of range.</exception>
    public LabelTableStudy(
        CourseMaterial material, string work, LabelTableOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentException.ThrowIfNullOrWhiteSpace(work);
        this.options = options ?? new LabelTableOptions();
        this.options.Check();
        (this.material, this.work, this.progress) = (material, work, progress ?? ProgressSink.Current);
        kept = Path.Combine(work, Identity());
    }

    /// <summary>Fits and judges what is not kept yet.</summary>
    /// <param name="cancel">Stops after the current draw.</param>
    /// <returns>The record: see <see cref="LabelTableResult"/>.</returns>
    /// <exception cref="FewShotException">A class has too few images, or a kept file is damaged.</exception>
    public RunRecord Run(CancellationToken cancel = default)
    {
        var results = new Dictionary<string, double>();
        var seconds = 0.0;
        using (var pool = new DrawnPool(material.Train, options.PerClass, options.Draws))
        using (var bank = Bank(pool.Images))
        using (var test = Bank(material.Test))
        {
            foreach (var perClass in options.PerClass)
            {
                foreach (var method in LabelTableMethod.Heads)
                {
                    seconds += Put(results, method.Name, perClass, cancel, draw =>
                    {
                        using var labelled = pool.Labelled(bank, perClass, draw);
                        using var head = method.Fit(labelled, options, draw);
                        return test.Predict(head).Accuracy;
                    });
                }
            }
        }

        foreach (var perClass in options.IncludesFineTuning ? options.PerClass : [])
            seconds += Put(results, LabelTableMethod.FineTuned, perClass, cancel, draw => FineTuned(perClass, draw));
        results[LabelTableResult.TestImages] = material.Test.Count;
        var name = $"{material.Train.Name}: accuracy against labels, {material.Backbone.Name} at {options.Size} px";
        return StudyRecords.Capture(name, material, options.Draws) with
        {
            Protocol = Protocol(),
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = seconds,
        };
    }

    private long[] Labelled(int perClass, int draw) => Subset.Draw(material.Train, perClass, draw);

    private FeatureBank Bank(ImageSet images) => FeatureBank.ExtractOrLoad(
        Features, material.Backbone, images, material.Preprocessing with { Size = options.Size }, progress: progress);

    private string Features => Path.Combine(work, "features");

    private Accuracy FineTuned(int perClass, int draw)
    {
        using var labelled = material.Train.Select(Labelled(perClass, draw), material.Train.Name);
        var settings = new SubsetStudyOptions { PerClass = perClass, Size = options.Size };
        if (perClass == 1)
            settings = settings with { Logistic = settings.Logistic with { Strengths = [LabelTableMethod.PenaltyOfOneLabel] } };
        var checkpoint = KeptPath($"{LabelTableMethod.FineTuned}, draw {draw}", perClass) + ".checkpoint";
        using var scores = new SubsetLearner(material, settings, Features, progress).Scores(
            SubsetRecipe.FineTuned, labelled, Positions(labelled), material.Test, Positions(material.Test), draw, checkpoint);
        return new Predictions(scores, material.Test.Labels, material.Test.ClassNames).Accuracy;
    }

    /// <summary>All draws of one row at one number of labels, kept or computed now.</summary>
    /// <returns>Seconds of all of them.</returns>
    private double Put(
        Dictionary<string, double> results, string method, int perClass, CancellationToken cancel, Func<int, Accuracy> judge)
    {
        var row = KeptDraws.Complete(
            KeptPath(method, perClass), $"{method}, {perClass} labels of each class", options.Draws, judge, progress, cancel);
        foreach (var draw in Enumerable.Range(0, options.Draws))
            results[LabelTableResult.Key(method, perClass, draw)] = row.Results[SubsetStudyResult.DrawName(draw)];
        results[LabelTableResult.SecondsKey(method, perClass)] = row.Seconds / row.Results.Count;
        return row.Seconds;
    }

    private static long[] Positions(ImageSet images) => [.. Enumerable.Range(0, images.Count).Select(position => (long)position)];

    private string KeptPath(string method, int perClass) =>
        Path.Combine(kept, string.Create(CultureInfo.InvariantCulture, $"{method}, {perClass} labels.json").Replace(' ', '-'));

    private string Protocol() => string.Create(
        CultureInfo.InvariantCulture,
        $"{options.Draws} draws of the labelled images; each method is fitted to a draw and judged on all {material.Test.Count:N0} test "
        + $"images, {options.Size} px, one view of each image. No label but those of the draw is used: the penalty of the logistic "
        + $"regression is chosen by {options.Folds}-fold cross-validation inside them, that of the ridge by leaving out each image in "
        + $"turn; linear probe (Adam, 10 epochs), nearest centroid, SimpleShot (the mean of the labelled images taken away) and cosine "
        + $"have nothing to choose. Seconds are those of fitting and of scoring all test images, features not counted.");

    /// <summary>
    /// Equal for equal images, weights and settings. Numbers of labels and of draws are left out: more of them only add files.
    /// </summary>
    private string Identity() => FeatureSource.Hash(
        material.Train.Digest,
        material.Test.Digest,
        material.Backbone.WeightsDigest,
        material.Preprocessing.Key,
        JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Draws = 2, PerClass = [], IncludesFineTuning = false })))[..16];
}
