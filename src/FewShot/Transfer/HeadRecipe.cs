using System.Globalization;
using FewShot.Heads;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>A kind of head with all its settings, to be fitted on any part of the photos.</summary>
/// <param name="Name">What it is called in outputs.</param>
/// <param name="Fit">Fits it: features float32, N x D; labels int64, N; the number of classes. The head is the caller's.</param>
internal sealed record HeadRecipe(string Name, Func<torch.Tensor, torch.Tensor, int, LinearHead> Fit)
{
    /// <summary>SimpleShot (Wang et al. 2019, "CL2N"): the mean of each class after centring and scaling to length 1.</summary>
    public static HeadRecipe Centroid { get; } = new("nearest centroid", (features, labels, classes) =>
    {
        using var head = NearestCentroid.Fit(features, labels, classes, new() { Scaling = FeatureScaling.CentreAndNormalise });
        return head.ToLinear();
    });

    /// <summary>Logistic regression with this penalty.</summary>
    public static HeadRecipe Logistic(double strength) => new(
        string.Create(CultureInfo.InvariantCulture, $"logistic regression with penalty {strength:g3}"),
        (features, labels, classes) => LogisticRegression.Fit(features, labels, classes, new() { Strengths = [strength] }).Head);
}
