using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="LabelSweep"/>.</summary>
public sealed record LabelSweepOptions
{
    /// <summary>Labelled images of each class, one point of the curve each.</summary>
    public IReadOnlyList<int> PerClass { get; init; } = [1, 5, 10, 25, 50, 100, 500];

    /// <summary>Draws of each point, at least 2 for an interval; their seeds are 0, 1, 2, ...</summary>
    public int Draws { get; init; } = 5;

    /// <summary>
    /// The L2 strength of the logistic regression, times the number of training images: a prior of one width, whatever the number of
    /// images. The default, 0.1 for 500 images, was set by cross-validation inside the first 50 CIFAR-10 images of each class: points
    /// with fewer labels profit from labels that they do not have.
    /// </summary>
    public double StrengthTimesImages { get; init; } = 50;
}

/// <summary>One point of the curve.</summary>
/// <param name="Method">"nearest centroid" or "logistic regression".</param>
/// <param name="PerClass">Labelled images of each class.</param>
/// <param name="Accuracy">Over the draws.</param>
public sealed record SweepPoint(string Method, int PerClass, DrawSummary Accuracy);

/// <summary>Accuracy against the number of labels, several draws each, for heads on frozen features.</summary>
public static class LabelSweep
{
    /// <summary>Fits and judges every head at every number of labels, on every draw.</summary>
    /// <param name="images">What is drawn from.</param>
    /// <param name="pool">The features of <paramref name="images"/>, in the same order.</param>
    /// <param name="test">The features that judge.</param>
    /// <param name="options">Numbers of labels and of draws.</param>
    /// <param name="progress">Told after each draw.</param>
    /// <returns>The points, method by method.</returns>
    /// <exception cref="FewShotException">A class has too few images, or images and features do not belong together.</exception>
    public static IReadOnlyList<SweepPoint> Run(
        ImageSet images,
        FeatureBank pool,
        FeatureBank test,
        LabelSweepOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(pool);
        ArgumentNullException.ThrowIfNull(test);
        options ??= new LabelSweepOptions();
        progress ??= ProgressSink.Current;
        if (images.Count != pool.Count)
        {
            throw new FewShotException(
                $"The sweep draws from {images.Count} images of {images.Name}, but got the features of {pool.Count}: "
                + "extract them from the same set.");
        }

        var methods = new (string Name, Func<FeatureBank, IHead> Fit)[]
        {
            ("nearest centroid", bank => NearestCentroid.Fit(
                bank, new NearestCentroidOptions { Scaling = FeatureScaling.CentreAndNormalise })),
            ("logistic regression", bank => LogisticRegression.Fit(
                bank, new LogisticRegressionOptions { Strengths = [options.StrengthTimesImages / bank.Count] }).Head),
        };
        var accuracies = new Dictionary<(string, int), List<Accuracy>>();
        var done = 0;
        foreach (var perClass in options.PerClass)
        {
            for (var seed = 0; seed < options.Draws; seed++)
            {
                using var train = pool.Select(Subset.Draw(images, perClass, seed));
                foreach (var (name, fit) in methods)
                {
                    using var head = fit(train);
                    if (!accuracies.TryGetValue((name, perClass), out var list))
                        accuracies[(name, perClass)] = list = [];
                    list.Add(test.Predict(head).Accuracy);
                }

                progress.Report(new StepProgress(
                    "Accuracy against labels", ++done, options.PerClass.Count * options.Draws, $"{perClass} of each class"));
            }
        }

        return [.. methods.SelectMany(method => options.PerClass.Select(perClass =>
            new SweepPoint(method.Name, perClass, new DrawSummary(accuracies[(method.Name, perClass)]))))];
    }
}
