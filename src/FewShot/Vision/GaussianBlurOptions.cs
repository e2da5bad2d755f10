namespace FewShot.Vision;

/// <summary>
/// How images are blurred at random: convolved with a Gaussian, as in SimCLR (Chen et al. 2020, appendix A), which takes the width
/// from 0.1 to 2 pixels of an image of 224; on images of 32 pixels 2 is a lot.
/// </summary>
public sealed record GaussianBlurOptions
{
    /// <summary>How often an image is blurred, 0..1.</summary>
    public double Probability { get; init; } = 0.5;

    /// <summary>Smallest standard deviation of the Gaussian, in pixels, above 0.</summary>
    public double MinimumSigma { get; init; } = 0.1;

    /// <summary>Greatest standard deviation, in pixels, up to 64.</summary>
    public double MaximumSigma { get; init; } = 2;
}
