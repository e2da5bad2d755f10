using FewShot.Heads;
using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Transfer;

/// <summary>
/// From the name of a class to a guess where its images lie: a ridge regression from the vectors of names to the visual prototypes of
/// classes whose images are at hand, with a free bias, solved exactly in double precision. Classes without images get a prototype from
/// their name alone ("Zero-shot learning through cross-modal transfer", Socher et al. 2013, section 3, maps images to words; the other way
/// round, into the space of the images, is that of "Learning a deep embedding model for zero-shot learning", Zhang et al. 2017,
/// section 3).
/// </summary>
/// <remarks>
/// A guess is how the class differs from the mean of those that the map was fitted on, at length 1. That mean, the bias, says nothing about
/// which class a query is of; put back, it would only shorten the differences, the more so the stronger the penalty.
/// </remarks>
public sealed class NamePrior : IDisposable
{
    private readonly torch.Tensor weights;
    private readonly torch.Tensor mean;

    private NamePrior(torch.Tensor weights, torch.Tensor mean) => (this.weights, this.mean) = (weights, mean);

    /// <summary>Fits the map: mean squared error + strength x squared weights is least, the bias being free.</summary>
    /// <param name="names">Floating point, C x T: a vector for the name of each class that the map is fitted on.</param>
    /// <param name="prototypes">Floating point, C x D: its visual prototype, see <see cref="Prototypes"/>.</param>
    /// <param name="strength">Of the penalty, above 0.</param>
    /// <exception cref="FewShotException">The two do not fit together, there are fewer than two classes, or the strength is not above
    /// 0.</exception>
    public static NamePrior Fit(torch.Tensor names, torch.Tensor prototypes, double strength)
    {
        ArgumentNullException.ThrowIfNull(names);
        ArgumentNullException.ThrowIfNull(prototypes);
        if (names.dim() != 2 || prototypes.dim() != 2 || names.shape[0] != prototypes.shape[0] || names.shape[0] < 2)
        {
            throw new FewShotException(
                "A map from names to prototypes needs one vector of each for at least two classes; found names "
                + $"[{string.Join(", ", names.shape)}] and prototypes [{string.Join(", ", prototypes.shape)}].");
        }

        if (!(strength > 0) || !double.IsFinite(strength))
            throw new FewShotException($"A ridge regression needs a penalty above 0; found {strength}.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var (inputs, targets) = (names.to(torch.float64).cpu(), prototypes.to(torch.float64).cpu());
        var (mean, ofImages) = (inputs.mean([0], keepdim: true), targets.mean([0], keepdim: true));
        var weights = RidgeSolver.Weights((inputs - mean).unsqueeze(0), (targets - ofImages).unsqueeze(0), strength).squeeze(0);
        return new NamePrior(weights.DetachFromDisposeScope(), mean.DetachFromDisposeScope());
    }

    /// <summary>The visual prototype of each class of a bank: the mean of its images' features, transformed as a head sees them.</summary>
    /// <param name="bank">At least one image of each class.</param>
    /// <param name="transform">The head's; its centre, where it has one, must be given.</param>
    /// <returns>float32, C x D, on the CPU.</returns>
    /// <exception cref="FewShotException">A class has no image, or the transform has no fixed centre.</exception>
    public static torch.Tensor Prototypes(FeatureBank bank, EpisodeTransform transform)
    {
        ArgumentNullException.ThrowIfNull(bank);
        ArgumentNullException.ThrowIfNull(transform);
        if (transform is { IsCentred: true, Centre: null })
            throw new FewShotException("Give the transform a centre (CentredOn): a bank is no episode.");
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var features = bank.Features.unsqueeze(0);
        var chunk = new EpisodeChunk(
            0, transform.Apply(features, features).Support, bank.Labels.unsqueeze(0), features, bank.ClassNames.Count);
        var prototypes = chunk.Centroids().squeeze(0);
        if (!prototypes.isfinite().all().item<bool>())
            throw new FewShotException($"{bank.Name}: a class has no image to make a prototype of.");
        return prototypes.MoveToOuterDisposeScope();
    }

    /// <summary>A prototype for each name, also of classes that the map has not seen.</summary>
    /// <param name="names">Floating point, M x T, from the same encoder and prompt as those of the fit.</param>
    /// <returns>float32, M x D, each row of length 1, on the CPU.</returns>
    /// <exception cref="FewShotException">The vectors have another length.</exception>
    public torch.Tensor Of(torch.Tensor names)
    {
        ArgumentNullException.ThrowIfNull(names);
        if (names.dim() != 2 || names.shape[1] != weights.shape[0])
        {
            throw new FewShotException(
                $"The map takes vectors of names with {weights.shape[0]} numbers; found [{string.Join(", ", names.shape)}].");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var guesses = (names.to(torch.float64).cpu() - mean).mm(weights);
        return torch.nn.functional.normalize(guesses, dim: 1).to(torch.float32).MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        weights.Dispose();
        mean.Dispose();
    }
}
