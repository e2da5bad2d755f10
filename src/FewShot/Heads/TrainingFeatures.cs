using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Checks what a head is fitted on.</summary>
internal static class TrainingFeatures
{
    /// <summary>The labels as numbers, once features, labels and classes are known to fit together.</summary>
    /// <param name="features">N x D, or views x N x D where the views of an image are samples of their own.</param>
    /// <param name="labels">int64, N.</param>
    /// <param name="classes">Number of classes.</param>
    /// <exception cref="FewShotException">Features and labels do not fit together, a class has no sample, or a
    /// feature is not a number.</exception>
    public static long[] Check(torch.Tensor features, torch.Tensor labels, int classes)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        if (features.dim() is not (2 or 3) || !features.is_floating_point() || features.numel() == 0)
        {
            throw new FewShotException(
                "Training features must be floating point, N x D or views x N x D, and not empty; "
                + $"found {features.dtype} with shape [{string.Join(", ", features.shape)}].");
        }

        if (labels.dim() != 1 || labels.dtype != torch.ScalarType.Int64 || labels.shape[0] != features.shape[^2])
        {
            throw new FewShotException(
                $"Labels must be int64, one per image ({features.shape[^2]}); "
                + $"found {labels.dtype} with shape [{string.Join(", ", labels.shape)}].");
        }

        using var scope = torch.NewDisposeScope();
        if (!features.isfinite().all().item<bool>())
            throw new FewShotException("A training feature is not a number or infinite: the backbone or its input is damaged.");
        var values = labels.cpu().contiguous().data<long>().ToArray();
        for (var c = 0; c < classes; c++)
        {
            if (!values.Contains(c))
                throw new FewShotException($"Class {c} of 0..{classes - 1} has no training image.");
        }

        var outside = values.Where(label => label < 0 || label >= classes).ToList();
        return outside.Count == 0 ? values : throw new FewShotException($"Label {outside[0]} is outside 0..{classes - 1}.");
    }

    /// <summary>Number of classes of features that know what they are.</summary>
    /// <exception cref="FewShotException">They do not know the names of their classes.</exception>
    public static int ClassCount(ILabelledFeatures features)
    {
        features.Space.RequireClassNames("The features", "a bank that is extracted from an image set knows them.");
        return features.Space.ClassNames!.Count;
    }

    /// <summary>Of plain tensors only the length of a feature vector is known.</summary>
    public static LabelledSpace PlainSpace(torch.Tensor features)
    {
        ArgumentNullException.ThrowIfNull(features);
        return new LabelledSpace(FeatureCount: features.dim() == 0 ? null : (int)features.shape[^1]);
    }

    /// <summary>Every view of every image as a row, and the labels repeated to match.</summary>
    /// <returns>Features V*N x D and labels V*N, view by view.</returns>
    public static (torch.Tensor Rows, torch.Tensor Labels) Flatten(torch.Tensor features, torch.Tensor labels) => features.dim() == 2
        ? (features.alias(), labels.alias())
        : (features.flatten(0, 1), labels.repeat(features.shape[0]));
}
