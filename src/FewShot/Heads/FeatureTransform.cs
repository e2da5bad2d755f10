using FewShot.Runtime;
using TorchSharp;

namespace FewShot.Heads;

/// <summary>Features as a head wants them, with statistics learnt once from training features.</summary>
internal sealed class FeatureTransform : IDisposable
{
    // A constant feature has no spread to divide by; it stays at zero.
    internal const double Smallest = 1e-12;

    private readonly torch.Tensor mean;
    private readonly torch.Tensor divisor;
    private readonly bool normalise;
    private readonly bool squareRoot;

    /// <summary>A transform whose statistics are known; it takes over both tensors.</summary>
    /// <param name="mean">float64, 1 x D.</param>
    /// <param name="divisor">float64, 1 x 1 or 1 x D, without a zero.</param>
    /// <param name="normalise">Whether each vector gets length 1 after that.</param>
    /// <param name="squareRoot">Whether the square root of each feature, its sign kept, is taken before.</param>
    public FeatureTransform(torch.Tensor mean, torch.Tensor divisor, bool normalise, bool squareRoot)
    {
        this.mean = mean.DetachFromDisposeScope();
        this.divisor = divisor.DetachFromDisposeScope();
        this.normalise = normalise;
        this.squareRoot = squareRoot;
    }

    /// <summary>float64, 1 x D: what is taken away from each vector.</summary>
    public torch.Tensor Mean => mean;

    /// <summary>float64, 1 x 1 or 1 x D: what each vector is divided by after that.</summary>
    public torch.Tensor Divisor => divisor;

    /// <summary>Whether each vector gets length 1 after that.</summary>
    public bool Normalises => normalise;

    /// <summary>Whether the square root of each feature, its sign kept, is taken before all that.</summary>
    public bool TakesSquareRoots => squareRoot;

    /// <summary>A copy that lives by itself.</summary>
    public FeatureTransform Copy() => new(mean.clone(), divisor.clone(), normalise, squareRoot);

    /// <summary>Learns the statistics.</summary>
    /// <param name="features">Training features, N x D.</param>
    /// <param name="scaling">What to do.</param>
    /// <param name="squareRoot">Whether the square root of each feature, its sign kept, is taken before.</param>
    public static FeatureTransform Fit(torch.Tensor features, FeatureScaling scaling, bool squareRoot = false)
    {
        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var wide = Rooted(features.to(torch.float64), squareRoot);
        var centres = scaling is not (FeatureScaling.None or FeatureScaling.Normalise);
        var centre = centres ? wide.mean([0], keepdim: true) : torch.zeros([1, wide.shape[1]], torch.float64);
        var variance = (wide - centre).square().mean([0], keepdim: true);
        var divisor = scaling switch
        {
            FeatureScaling.CentreAndScale => variance.mean([1], keepdim: true).sqrt(),
            FeatureScaling.Standardise => variance.sqrt(),
            FeatureScaling.None or FeatureScaling.Centre or FeatureScaling.Normalise or FeatureScaling.CentreAndNormalise =>
                torch.ones([1, 1], torch.float64),
            _ => throw new FewShotException($"Unknown scaling of features: {scaling}."),
        };
        return new FeatureTransform(
            centre.MoveToOuterDisposeScope(),
            divisor.where(divisor > Smallest, torch.ones_like(divisor)).MoveToOuterDisposeScope(),
            scaling is FeatureScaling.Normalise or FeatureScaling.CentreAndNormalise,
            squareRoot);
    }

    /// <summary>Leaves features of this length as they are.</summary>
    public static FeatureTransform None(int features) =>
        new(torch.zeros([1, features], torch.float64), torch.ones([1, 1], torch.float64), normalise: false, squareRoot: false);

    /// <summary>The same scores straight from unscaled features: a linear function of (x - mean) / divisor is one of x.</summary>
    /// <exception cref="FewShotException">Vectors are scaled to length 1 or their square root is taken, which is not linear.</exception>
    public (torch.Tensor Weight, torch.Tensor Bias) Fold(torch.Tensor weight, torch.Tensor bias)
    {
        if (normalise)
        {
            throw new FewShotException(
                "A head that scales each feature vector to length 1 is no linear layer: fit it with another scaling.");
        }

        if (squareRoot)
            throw new FewShotException("A head that takes the square root of each feature is no linear layer: fit it without.");
        using var scope = torch.NewDisposeScope();
        var folded = weight / divisor;
        return (folded.MoveToOuterDisposeScope(), (bias - folded.mv(mean[0])).MoveToOuterDisposeScope());
    }

    /// <summary>Applies the transform to every feature vector.</summary>
    /// <param name="features">N x D, any floating type.</param>
    /// <returns>float64, N x D.</returns>
    public torch.Tensor Apply(torch.Tensor features)
    {
        if (features.dim() != 2 || features.shape[1] != mean.shape[1] || !features.is_floating_point())
        {
            throw new FewShotException(
                $"This head was fitted on features N x {mean.shape[1]}; "
                + $"found {features.dtype} with shape [{string.Join(", ", features.shape)}].");
        }

        using var noGradient = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var result = (Rooted(features.to(torch.float64), squareRoot) - mean) / divisor;
        if (normalise)
            result = result / result.norm(1, keepdim: true, p: 2).clamp_min(Smallest);
        return result.MoveToOuterDisposeScope();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        mean.Dispose();
        divisor.Dispose();
    }

    private static torch.Tensor Rooted(torch.Tensor features, bool squareRoot) =>
        squareRoot ? features.sign() * features.abs().sqrt() : features;
}
