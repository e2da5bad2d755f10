using FewShot.Data;
using FewShot.Evaluation;
using FewShot.Models;
using FewShot.Runtime;
using FewShot.Vision;
using TorchSharp;
using static TorchSharp.torch.nn;

namespace FewShot.Studies;

/// <summary>Settings of <see cref="ArticleRecipe"/>; the defaults are the recipe as it is published again and again.</summary>
public sealed record ArticleRecipeOptions
{
    /// <summary>Passes over the training images.</summary>
    public int Epochs { get; init; } = 10;

    /// <summary>Images per step.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Adam's learning rate, for the last layer alone.</summary>
    public double LearningRate { get; init; } = 1e-3;

    /// <summary>How often the test images are judged through the training transform.</summary>
    public int Tries { get; init; } = 5;

    /// <summary>How crops become input: not enlarged, and normalised as the backbone was trained.</summary>
    public Preprocessing Preprocessing { get; init; } = new(32);

    /// <summary>Decides the first weights, the order and every flip and crop.</summary>
    public long Seed { get; init; }
}

/// <summary>What the recipe gives, judged the wrong way several times and the right way once.</summary>
/// <param name="Augmented">On test images flipped and cropped at random, as the recipe has it: the same network and the same images
/// each time.</param>
/// <param name="Plain">On the test images as they are.</param>
/// <param name="LossPerEpoch">Mean training cross-entropy.</param>
public sealed record ArticleRecipeResult(IReadOnlyList<Predictions> Augmented, Predictions Plain, IReadOnlyList<double> LossPerEpoch);

/// <summary>
/// The widely copied recipe, kept as the thing to be corrected: a frozen ImageNet network on unenlarged 32-pixel images, a new last
/// layer, random flips and crops in training and (its fault) in testing, the backbone recomputed in every epoch.
/// </summary>
public static class ArticleRecipe
{
    private const int EvaluationChunk = 500;

    /// <summary>Trains on <paramref name="train"/> and judges on <paramref name="test"/>.</summary>
    /// <param name="backbone">Frozen, on <see cref="Torch.Device"/>.</param>
    /// <param name="train">uint8, N x 3 x H x W.</param>
    /// <param name="test">uint8, N x 3 x H x W.</param>
    /// <param name="options">The recipe.</param>
    /// <param name="progress">Told of each epoch and each chunk of test images.</param>
    /// <exception cref="FewShotException">The two sets have different classes.</exception>
    public static ArticleRecipeResult Run(
        IFeatureExtractor backbone,
        ImageSet train,
        ImageSet test,
        ArticleRecipeOptions? options = null,
        IProgress<StepProgress>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(backbone);
        ArgumentNullException.ThrowIfNull(train);
        ArgumentNullException.ThrowIfNull(test);
        new LabelledSpace(train.ClassNames).RequireSameClasses(train.Name, new LabelledSpace(test.ClassNames), test.Name);
        options ??= new ArticleRecipeOptions();
        progress ??= ProgressSink.Current;
        using var scope = torch.NewDisposeScope();
        var preprocessing = options.Preprocessing;
        using var generator = new torch.Generator((ulong)options.Seed, torch.CPU);
        Torch.Seed(options.Seed);
        using var head = Linear(backbone.FeatureCount, train.ClassNames.Count).to(Torch.Device);
        using var optimiser = torch.optim.Adam(head.parameters(), lr: options.LearningRate);
        using var augmentation = new Augmentation(new AugmentationOptions(), generator);

        torch.Tensor Augmented(torch.Tensor images) =>
            preprocessing.Apply(augmentation.Apply(images), Torch.Device);

        var losses = new List<double>();
        for (var epoch = 0; epoch < options.Epochs; epoch++)
        {
            double sum = 0;
            using var order = torch.randperm(train.Count, generator: generator);
            foreach (var batch in order.split(options.BatchSize))
            {
                using var step = torch.NewDisposeScope();
                var features = backbone.Features(Augmented(train.Images.index_select(0, batch)));
                var loss = functional.cross_entropy(head.forward(features), train.Labels.index_select(0, batch).to(Torch.Device));
                optimiser.zero_grad();
                loss.backward();
                optimiser.step();
                sum += loss.item<float>() * batch.shape[0];
            }

            losses.Add(sum / train.Count);
            progress.Report(new StepProgress(
                "Training the published recipe", epoch + 1, options.Epochs, FormattableString.Invariant($"loss {losses[^1]:0.000}")));
        }

        Predictions Judge(Func<torch.Tensor, torch.Tensor> prepare)
        {
            using var noGradient = torch.no_grad();
            using var judged = torch.NewDisposeScope();
            var scores = new List<torch.Tensor>();
            for (var start = 0; start < test.Count; start += EvaluationChunk)
            {
                using var chunk = torch.NewDisposeScope();
                var images = test.Images.narrow(0, start, Math.Min(EvaluationChunk, test.Count - start));
                scores.Add(head.forward(backbone.Features(prepare(images))).cpu().MoveToOuterDisposeScope());
                progress.Report(new StepProgress(
                    "Judging the published recipe", Math.Min(start + EvaluationChunk, test.Count), test.Count));
            }

            return new Predictions(torch.cat(scores), test.Labels, test.ClassNames);
        }

        return new ArticleRecipeResult(
            [.. Enumerable.Range(0, options.Tries).Select(_ => Judge(Augmented))],
            Judge(images => preprocessing.Apply(images, Torch.Device)),
            losses);
    }
}
