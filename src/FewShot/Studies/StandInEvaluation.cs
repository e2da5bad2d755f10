using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Models;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>What the stand-in data ask of a classifier: the accuracy of raw pixels beside that of a backbone's features.</summary>
internal static class StandInEvaluation
{
    private const int NovelPerClass = 60;
    private const int TrainPerClass = 50;
    private const int TestPerClass = 200;
    private const int ChunkSize = 256;

    /// <summary>Accuracies on the novel classes, by name, each with the ends of its 95 % interval; and the digests of the images.</summary>
    public static (IReadOnlyDictionary<string, double> Results, IReadOnlyDictionary<string, string> Data) Measure(
        IFeatureExtractor backbone, long seed, int episodes, IProgress<StepProgress> progress)
    {
        using var novel = Shapes.DrawNovel(NovelPerClass, seed);
        var (train, test) = Shapes.TenClassProblem(TrainPerClass, TestPerClass, seed);
        using var ownedTrain = train;
        using var ownedTest = test;
        var results = new Dictionary<string, double> { ["episodes"] = episodes, ["test images"] = test.Count };
        foreach (var (name, extract) in new (string, Func<torch.Tensor, torch.Tensor>)[] { ("pixels", images => images.flatten(1)), ("features", backbone.Features) })
        {
            progress.Report(new StepProgress($"accuracy of {name} on novel classes", 0, 0));
            using var novelFeatures = Features(extract, novel);
            foreach (var shot in new[] { 1, 5 })
            {
                var accuracy = StandInEpisodes.Measure(novelFeatures, novel.LabelValues, shot, episodes, seed + 1);
                Add(results, $"{name}, nearest centroid, 5-way {shot}-shot", accuracy.Mean, accuracy.Interval);
            }

            using var trainFeatures = Features(extract, train);
            using var testFeatures = Features(extract, test);
            using var centroid = NearestCentroid.Fit(trainFeatures, train.Labels, train.ClassNames.Count, StandInEpisodes.Normalised);
            Add(results, $"{name}, nearest centroid, 10-way 50-shot", centroid, testFeatures, test.Labels);
            using var logistic = LogisticRegression.Fit(trainFeatures, train.Labels, train.ClassNames.Count, progress: progress);
            Add(results, $"{name}, logistic regression, 10-way 50-shot", logistic.Head, testFeatures, test.Labels);
        }

        return (results, new[] { novel, train, test }.ToDictionary(set => set.Name, set => set.Digest));
    }

    /// <summary>The features of every image, in order.</summary>
    /// <returns>float32, N x D, on the CPU.</returns>
    public static torch.Tensor Features(Func<torch.Tensor, torch.Tensor> extract, ImageSet images)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var chunks = new List<torch.Tensor>();
        for (var start = 0; start < images.Count; start += ChunkSize)
        {
            using var inner = torch.NewDisposeScope();
            var chunk = images.Images.narrow(0, start, Math.Min(ChunkSize, images.Count - start));
            chunks.Add(extract(StandInBackbone.Preprocessing.Apply(chunk, Torch.Device)).cpu().MoveToOuterDisposeScope());
        }

        return torch.cat(chunks).MoveToOuterDisposeScope();
    }

    private static void Add(Dictionary<string, double> results, string name, IHead head, torch.Tensor features, torch.Tensor labels)
    {
        using var scope = torch.NewDisposeScope();
        var correct = head.Scores(features).argmax(1).eq(labels).sum().item<long>();
        var accuracy = new Accuracy(correct, labels.shape[0]);
        Add(results, name, accuracy.Value, accuracy.Interval);
    }

    private static void Add(Dictionary<string, double> results, string name, double value, Interval interval)
    {
        results[name] = value;
        results[$"{name}, low"] = interval.Low;
        results[$"{name}, high"] = interval.High;
    }
}
