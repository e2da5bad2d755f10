using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>What the stand-in data ask of a classifier: the accuracy of raw pixels beside that of a backbone's features.</summary>
internal static class StandInEvaluation
{
    public const int NovelPerClass = 60;
    private const int TrainPerClass = 50;
    private const int TestPerClass = 200;

    /// <summary>Accuracies on the novel classes, by name, each with the ends of its 95 % interval; and the digests of the images.</summary>
    public static (IReadOnlyDictionary<string, double> Results, IReadOnlyDictionary<string, string> Data) Measure(
        IFeatureExtractor backbone, long seed, int episodes, IProgress<StepProgress> progress)
    {
        using var novel = Shapes.DrawNovel(NovelPerClass, seed);
        var (train, test) = Shapes.TenClassProblem(TrainPerClass, TestPerClass, seed);
        using var ownedTrain = train;
        using var ownedTest = test;
        using var pixels = new RawPixels(Shapes.Side);
        var results = new Dictionary<string, double> { ["episodes"] = episodes, ["test images"] = test.Count };
        foreach (var (name, extractor) in new[] { ("pixels", pixels), ("features", backbone) })
        {
            FeatureBank Bank(ImageSet images) => FeatureBank.Extract(extractor, images, StandInBackbone.Preprocessing, progress: progress);
            using var novelBank = Bank(novel);
            foreach (var shot in new[] { 1, 5 })
            {
                var accuracy = StandInEpisodes.Measure(novelBank, shot, episodes, seed + 1);
                Add(results, $"{name}, nearest centroid, 5-way {shot}-shot", accuracy.Mean, accuracy.Interval);
            }

            using var trainBank = Bank(train);
            using var testBank = Bank(test);
            using var centroid = NearestCentroid.Fit(trainBank.Features, trainBank.Labels, train.ClassNames.Count, StandInEpisodes.Normalised);
            using var logistic = LogisticRegression.Fit(trainBank.Features, trainBank.Labels, train.ClassNames.Count, progress: progress);
            foreach (var (head, headName) in new (IHead, string)[] { (centroid, "nearest centroid"), (logistic.Head, "logistic regression") })
            {
                var accuracy = testBank.Predict(head).Accuracy;
                Add(results, $"{name}, {headName}, 10-way 50-shot", accuracy.Value, accuracy.Interval);
            }
        }

        return (results, new[] { novel, train, test }.ToDictionary(set => set.Name, set => set.Digest));
    }

    private static void Add(Dictionary<string, double> results, string name, double value, Interval interval)
    {
        results[name] = value;
        results[$"{name}, low"] = interval.Low;
        results[$"{name}, high"] = interval.High;
    }
}
