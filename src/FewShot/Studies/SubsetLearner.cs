using FewShot.Course;
using FewShot.Data;
using FewShot.Heads;
using FewShot.Runtime;
using FewShot.Transfer;
using FewShot.Vision;
using TorchSharp;

namespace FewShot.Studies;

/// <summary>Carries out the recipes of <see cref="SubsetRecipe"/>: learns from some images of a set, and scores some of another.</summary>
/// <param name="material">The backbone.</param>
/// <param name="options">Settings.</param>
/// <param name="cache">Where features are kept: each image passes the frozen backbone once, whatever the folds and draws.</param>
/// <param name="progress">Told of every stage.</param>
internal sealed class SubsetLearner(CourseMaterial material, SubsetStudyOptions options, string cache, IProgress<StepProgress> progress)
{
    private static readonly FeatureBankOptions Mirrored = new() { Mirrored = true };

    /// <summary>Scores of the recipe.</summary>
    /// <param name="recipe">Any but <see cref="SubsetRecipe.Combined"/>.</param>
    /// <param name="labelled">The set that is learned from.</param>
    /// <param name="learned">Positions in it.</param>
    /// <param name="judges">The set that is judged on; it may be the same.</param>
    /// <param name="judged">Positions in it.</param>
    /// <param name="seed">Decides order and variation of the images.</param>
    /// <param name="checkpoint">Where a fine-tuning keeps its state.</param>
    /// <returns>float32, judged x classes.</returns>
    public torch.Tensor Scores(
        string recipe, ImageSet labelled, long[] learned, ImageSet judges, long[] judged, long seed, string checkpoint)
    {
        switch (recipe)
        {
            case SubsetRecipe.Probe:
                using (var train = Bank(labelled, learned, options.Size))
                using (var probe = LinearProbe.Train(train, new LinearProbeOptions { Seed = seed }, progress))
                using (var test = Bank(judges, judged, options.Size))
                    return test.Scores(probe.Head);
            case SubsetRecipe.Logistic:
                return Regression(options.Size);
            case SubsetRecipe.LogisticLarger:
                return Regression(options.LargerSize);
            case SubsetRecipe.LogisticBoth:
                return Regression(options.Size, options.LargerSize);
            case SubsetRecipe.FineTunedPlain:
                return Tuned(AugmentationOptions.None);
            case SubsetRecipe.FineTuned:
                return Tuned(options.FineTuning.Augmentation);
            default:
                throw new ArgumentOutOfRangeException(nameof(recipe), recipe, "Not a recipe that learns.");
        }

        torch.Tensor Regression(params int[] sizes)
        {
            using var train = Banks(labelled, learned, sizes);
            using var logistic = LogisticRegression.Fit(train, options.Logistic, progress);
            using var test = Banks(judges, judged, sizes);
            return test.Scores(logistic.Head);
        }

        torch.Tensor Tuned(AugmentationOptions augmentation)
        {
            using var images = labelled.Select(learned);
            using var network = material.NewNetwork(labelled.ClassNames);
            var logistic = options.Logistic with { SquareRoot = false };
            using (var train = Bank(labelled, learned, options.Size))
            using (var start = LogisticRegression.Fit(train, logistic, progress))
                NetworkClassifier.StartFrom(network, start.Head);
            var settings = options.FineTuning with { Preprocessing = At(options.Size), Augmentation = augmentation, Seed = seed };
            using (var tuner = new FineTuner(network, images, validation: null, settings))
                _ = tuner.Run(checkpoint, progress);
            using var test = judges.Select(judged);
            return NetworkClassifier.Scores(network, test, At(options.Size), Mirrored, progress);
        }
    }

    private Preprocessing At(int size) => material.Preprocessing with { Size = size };

    private FeatureBank Bank(ImageSet images, long[] positions, int size)
    {
        using var all = FeatureBank.ExtractOrLoad(cache, material.Backbone, images, At(size), Mirrored, progress);
        return all.Select(positions);
    }

    private FeatureBank Banks(ImageSet images, long[] positions, int[] sizes)
    {
        if (sizes.Length == 1)
            return Bank(images, positions, sizes[0]);
        using var first = Bank(images, positions, sizes[0]);
        using var second = Bank(images, positions, sizes[1]);
        return FeatureBank.Concatenate(first, second);
    }
}
