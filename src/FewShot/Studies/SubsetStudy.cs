using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models.Weights;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>
/// The course's main measurement: several recipes on several draws of a few labelled images of each class, judged on the whole test set. The
/// recipe to be reported is chosen on training images that no draw contains; no test image takes part in any choice.
/// </summary>
/// <remarks>The scores of every recipe on every draw are kept as they are finished: an interrupted study goes on from there.</remarks>
public sealed class SubsetStudy : IDisposable
{
    /// <summary>A frozen backbone and a linear layer trained for ten epochs on each image and its mirror image.</summary>
    public const string Probe = "linear probe, ten epochs, mirrored";

    /// <summary>
    /// A frozen backbone on images of two sizes, their features side by side, and a converged logistic regression on the square roots, for each image and
    /// its mirror image.
    /// </summary>
    public const string Logistic = "logistic regression, two sizes, mirrored";

    /// <summary>The backbone trained further, from a logistic regression on; image and mirror image are judged together.</summary>
    public const string FineTuned = "fine-tuned, mirrored";

    /// <summary>The log-probabilities of the last two, averaged: a network that adapted and one that did not err on different images.</summary>
    public const string Combined = "fine-tuned and logistic regression";

    private const string ScoresKey = "scores";
    private const string SecondsKey = "seconds";

    private readonly CourseMaterial material;
    private readonly SubsetStudyOptions options;
    private readonly string folder;
    private readonly IProgress<StepProgress> progress;
    private readonly ImageSet validation;
    private readonly ImageSet rest;
    private readonly string identity;
    // By file, since a combination reads the scores of its members again.
    private readonly Dictionary<string, double> seconds = new(StringComparer.Ordinal);

    /// <summary>Sets the validation images apart.</summary>
    /// <param name="material">Images and backbone; stays the caller's.</param>
    /// <param name="folder">Where scores and features are kept.</param>
    /// <param name="options">Settings.</param>
    /// <param name="progress">Told of every stage.</param>
    public SubsetStudy(CourseMaterial material, string folder, SubsetStudyOptions? options = null, IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(material);
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        this.material = material;
        this.options = options ?? new SubsetStudyOptions();
        this.folder = folder;
        this.progress = progress ?? ProgressSink.Current;
        var held = Subset.Draw(material.Train, this.options.ValidationPerClass, this.options.ChoiceSeed);
        validation = material.Train.Select(held, $"{material.Train.Name}, {this.options.ValidationPerClass} of each class set apart");
        rest = material.Train.Select([.. Enumerable.Range(0, material.Train.Count).Select(i => (long)i).Except(held)]);
        identity = Identity();
    }

    /// <summary>The recipes, from the cheapest to the dearest.</summary>
    public static IReadOnlyList<string> Recipes { get; } = [Probe, Logistic, FineTuned, Combined];

    /// <summary>The recipes that leave the backbone as it is.</summary>
    public static IReadOnlyList<string> FrozenRecipes { get; } = [Probe, Logistic];

    /// <summary>Measures recipes on the validation images and on every draw.</summary>
    /// <param name="recipes">Some of <see cref="Recipes"/>, or null for all.</param>
    /// <returns>The record: see <see cref="SubsetStudyResult"/>.</returns>
    /// <exception cref="FewShotException">A recipe is unknown, or a kept file is damaged.</exception>
    public RunRecord Run(IReadOnlyList<string>? recipes = null)
    {
        seconds.Clear();
        var results = new Dictionary<string, double> { [SubsetStudyResult.TestImages] = material.Test.Count, [SubsetStudyResult.ValidationImages] = validation.Count };
        foreach (var recipe in recipes ?? Recipes)
        {
            results[SubsetStudyResult.ChoiceKey(recipe)] = Accuracy(recipe, options.ChoiceSeed, validation, "choice");
            for (var draw = 0; draw < options.Draws; draw++)
                results[SubsetStudyResult.DrawKey(recipe, draw)] = Accuracy(recipe, draw, material.Test, SubsetStudyResult.DrawName(draw));
        }

        return RunRecord.Capture(string.Create(CultureInfo.InvariantCulture, $"{options.PerClass} labels of each class, {options.Draws} draws")) with
        {
            Data = new Dictionary<string, string> { [material.Train.Name] = material.Train.Digest, [material.Test.Name] = material.Test.Digest },
            Weights = material.Backbone.Description,
            WeightsDigest = material.Backbone.WeightsDigest,
            UsesStandIn = material.IsStandIn,
            Seeds = Enumerable.Range(0, options.Draws).ToDictionary(SubsetStudyResult.DrawName, draw => (long)draw).Append(new("choice", options.ChoiceSeed)).ToDictionary(),
            Options = RunRecord.OptionsFrom(options),
            Results = results,
            Seconds = seconds.Values.Sum(),
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        validation.Dispose();
        rest.Dispose();
    }

    /// <summary>The images that choose; they stay this study's.</summary>
    internal ImageSet Validation => validation;

    /// <summary>The labelled images of one draw, none of which is set apart to choose; the caller's.</summary>
    internal ImageSet Labelled(long seed, string part) => rest.Select(Subset.Draw(rest, options.PerClass, seed), $"{material.Train.Name}, {part}");

    private double Accuracy(string recipe, long seed, ImageSet judges, string part)
    {
        using var scope = torch.NewDisposeScope();
        return new Predictions(Scores(recipe, seed, judges, part), judges.Labels, judges.ClassNames).Accuracy.Value;
    }

    /// <summary>The scores of a recipe, kept or computed now.</summary>
    private torch.Tensor Scores(string recipe, long seed, ImageSet judges, string part)
    {
        if (recipe == Combined)
            return (LogProbabilities(Logistic) + LogProbabilities(FineTuned)) / 2;
        var path = Path.Combine(folder, identity, $"{recipe}, {part}.safetensors".Replace(' ', '-'));
        if (!File.Exists(path))
        {
            var clock = Stopwatch.StartNew();
            using var labelled = Labelled(seed, part);
            using var scores = Compute(recipe, labelled, judges, seed, Path.ChangeExtension(path, ".checkpoint"));
            SafeTensors.Write(path, new Dictionary<string, torch.Tensor> { [ScoresKey] = scores }, new Dictionary<string, string> { [SecondsKey] = clock.Elapsed.TotalSeconds.ToString(CultureInfo.InvariantCulture) });
        }

        using var file = SafeTensors.Read(path);
        long[] expected = [judges.Count, judges.ClassNames.Count];
        if (!file.Tensors.TryGetValue(ScoresKey, out var kept) || !kept.shape.SequenceEqual(expected)
            || !double.TryParse(file.Metadata.GetValueOrDefault(SecondsKey), CultureInfo.InvariantCulture, out var took))
            throw new FewShotException($"{path} is no kept result of this study: it needs a tensor '{ScoresKey}' of [{string.Join(", ", expected)}] and the metadata '{SecondsKey}'. Delete it to compute it again.");
        seconds[path] = took;
        return kept.clone();

        torch.Tensor LogProbabilities(string other) => torch.nn.functional.log_softmax(Scores(other, seed, judges, part), 1);
    }

    private torch.Tensor Compute(string recipe, ImageSet labelled, ImageSet judges, long seed, string checkpoint)
    {
        var classes = labelled.ClassNames.Count;
        var size = material.Preprocessing;
        var mirrored = new FeatureBankOptions { Mirrored = true };
        var cache = Path.Combine(folder, "features");
        switch (recipe)
        {
            case Probe:
                using (var train = FeatureBank.Extract(material.Backbone, labelled, size, mirrored, progress))
                using (var test = FeatureBank.ExtractOrLoad(cache, material.Backbone, judges, size, mirrored, progress))
                using (var probe = LinearProbe.Train(train, new LinearProbeOptions { Seed = seed }, progress))
                    return test.Scores(probe.Head);
            case Logistic:
                var larger = size with { Size = (int)Math.Round(size.Size * options.LargerScale) };
                using (var train = BothSizes(at => FeatureBank.Extract(material.Backbone, labelled, at, mirrored, progress)))
                using (var test = BothSizes(at => FeatureBank.ExtractOrLoad(cache, material.Backbone, judges, at, mirrored, progress)))
                using (var logistic = LogisticRegression.Fit(train.Views, train.Labels, classes, options.Logistic, progress))
                    return test.Scores(logistic.Head);

                FeatureBank BothSizes(Func<Preprocessing, FeatureBank> extract)
                {
                    using var small = extract(size);
                    using var large = extract(larger);
                    return FeatureBank.Concatenate(small, large);
                }

            case FineTuned:
                using (var network = material.NewNetwork(classes))
                {
                    using (var train = FeatureBank.Extract(material.Backbone, labelled, size, mirrored, progress))
                    using (var start = LogisticRegression.Fit(train.Views, train.Labels, classes, progress: progress))
                        NetworkClassifier.StartFrom(network, start.Head);
                    using (var tuner = new FineTuner(network, labelled, validation: null, options.FineTuning with { Preprocessing = size, Seed = seed }))
                        _ = tuner.Run(checkpoint, progress);
                    return NetworkClassifier.Scores(network, judges, size, mirrored, progress);
                }

            default:
                throw new FewShotException($"The recipe '{recipe}' is not one of: {string.Join("; ", Recipes)}.");
        }
    }

    /// <summary>Equal for equal images, weights and settings: scores of another study are never taken for this one's. More draws only add.</summary>
    private string Identity()
    {
        var text = string.Join('\n', material.Train.Digest, material.Test.Digest, material.Backbone.WeightsDigest, material.Preprocessing.Key, JsonSerializer.Serialize(RunRecord.OptionsFrom(options with { Draws = 0 })));
        return Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)))[..16];
    }
}
