using System.Diagnostics;
using System.Text.Json;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// The course's main measurement: three recipes on several draws of a few labelled images of each class, judged on the whole test set. The
/// recipe to be reported is chosen on training images that no draw uses; no test image takes part in any choice.
/// </summary>
public static class SubsetStudy
{
    /// <summary>A frozen backbone and a linear layer trained for ten epochs.</summary>
    public const string Probe = "linear probe, ten epochs";

    /// <summary>A frozen backbone on larger images and a converged logistic regression on each image and its mirror image.</summary>
    public const string Logistic = "logistic regression, larger, mirrored";

    /// <summary>The backbone trained further, from a logistic regression on; image and mirror image are judged together.</summary>
    public const string FineTuned = "fine-tuned, mirrored";

    /// <summary>The log-probabilities of the last two, averaged: a network that adapted and one that did not err on different images.</summary>
    public const string Combined = "fine-tuned and logistic regression";

    /// <summary>The recipes, from the simplest to the dearest.</summary>
    public static IReadOnlyList<string> Recipes { get; } = [Probe, Logistic, FineTuned, Combined];

    /// <summary>Compares the recipes on the validation images, then measures them on every draw.</summary>
    /// <param name="material">Images and backbone.</param>
    /// <param name="folder">Where finished parts are kept, so that an interrupted study goes on where it stopped.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    /// <returns>The record: each recipe's accuracy on the validation images and on each draw (see <see cref="SubsetStudyResult"/>).</returns>
    public static RunRecord Run(CourseMaterial material, string folder, SubsetStudyOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new SubsetStudyOptions();
        var blank = Blank(material, options);
        var held = Subset.Draw(material.Train, options.ValidationPerClass, options.ChoiceSeed);
        using var validation = material.Train.Select(held, $"{material.Train.Name}, {options.ValidationPerClass} of each class set apart");
        using var rest = material.Train.Select([.. Enumerable.Range(0, material.Train.Count).Select(i => (long)i).Except(held)]);

        var parts = new List<RunRecord> { Part("choice", options.ChoiceSeed, validation) };
        parts.AddRange(Enumerable.Range(0, options.Draws).Select(seed => Part($"draw {seed}", seed, material.Test)));
        return blank with
        {
            Results = parts.SelectMany(part => part.Results).ToDictionary(),
            Seconds = parts.Sum(part => part.Seconds),
        };

        RunRecord Part(string name, long seed, ImageSet judges)
        {
            var path = Path.Combine(folder, $"{name.Replace(' ', '-')}.json");
            if (File.Exists(path) && RunRecord.Read(path) is var kept && SameRun(kept, blank))
                return kept;
            var clock = Stopwatch.StartNew();
            using var labelled = rest.Select(Subset.Draw(rest, options.PerClass, seed), $"{material.Train.Name}, {name}");
            var results = Measure(material, labelled, judges, folder, name, seed, options, progress);
            var part = blank with
            {
                Results = results.ToDictionary(result => SubsetStudyResult.Key(result.Recipe, name), result => result.Accuracy.Value),
                Seconds = clock.Elapsed.TotalSeconds,
            };
            part.Write(path);
            return part;
        }
    }

    private static List<(string Recipe, Accuracy Accuracy)> Measure(
        CourseMaterial material, ImageSet labelled, ImageSet judges, string folder, string name, long seed, SubsetStudyOptions options, IProgress<StepProgress>? progress)
    {
        using var scope = torch.NewDisposeScope();
        var classes = labelled.ClassNames.Count;
        var mirrored = new FeatureBankOptions { Mirrored = true };
        var size = material.Preprocessing;
        var larger = size with { Size = (int)Math.Round(size.Size * options.FrozenScale) };
        var cache = Path.Combine(folder, "features");

        using var train = FeatureBank.Extract(material.Backbone, labelled, size, mirrored, progress);
        using var test = FeatureBank.ExtractOrLoad(cache, material.Backbone, judges, size, progress: progress);
        using var probe = LinearProbe.Train(train.Views[0], train.Labels, classes, new LinearProbeOptions { Seed = seed }, progress);

        using var largerTrain = FeatureBank.Extract(material.Backbone, labelled, larger, mirrored, progress);
        using var largerTest = FeatureBank.ExtractOrLoad(cache, material.Backbone, judges, larger, mirrored, progress);
        using var logistic = LogisticRegression.Fit(largerTrain.Views, largerTrain.Labels, classes, progress: progress);

        using var network = material.NewNetwork(classes);
        using (var start = LogisticRegression.Fit(train.Views, train.Labels, classes, progress: progress))
            NetworkClassifier.StartFrom(network, start.Head);
        using (var tuner = new FineTuner(network, labelled, validation: null, options.FineTuning with { Preprocessing = size, Seed = seed }))
            _ = tuner.Run(Path.Combine(folder, $"{name.Replace(' ', '-')}.checkpoint"), progress);

        var frozenScores = largerTest.Scores(logistic.Head);
        var tunedScores = NetworkClassifier.Scores(network, judges, size, mirrored, progress);
        var both = (torch.nn.functional.log_softmax(frozenScores, 1) + torch.nn.functional.log_softmax(tunedScores, 1)) / 2;
        return
        [
            (Probe, test.Predict(probe.Head).Accuracy),
            (Logistic, Judge(frozenScores)),
            (FineTuned, Judge(tunedScores)),
            (Combined, Judge(both)),
        ];

        Accuracy Judge(torch.Tensor scores) => new Predictions(scores, judges.Labels, judges.ClassNames).Accuracy;
    }

    private static RunRecord Blank(CourseMaterial material, SubsetStudyOptions options) => RunRecord.Capture($"{options.PerClass} labels of each class, {options.Draws} draws") with
    {
        Data = new Dictionary<string, string> { [material.Train.Name] = material.Train.Digest, [material.Test.Name] = material.Test.Digest },
        Weights = material.Backbone.Description,
        WeightsDigest = material.Backbone.WeightsDigest,
        UsesStandIn = material.IsStandIn,
        Options = RunRecord.OptionsFrom(options),
    };

    /// <summary>Whether a finished part belongs to this study: the same images, weights and settings.</summary>
    private static bool SameRun(RunRecord kept, RunRecord now) =>
        kept.WeightsDigest == now.WeightsDigest
        && kept.Data.OrderBy(entry => entry.Key).SequenceEqual(now.Data.OrderBy(entry => entry.Key))
        && JsonSerializer.Serialize(kept.Options) == JsonSerializer.Serialize(now.Options);
}
