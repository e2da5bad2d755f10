using System.Text.Json.Serialization;

namespace FewShot.Vision;

/// <summary>
/// How images are varied in training. The defaults are those usual for CIFAR-10 (He et al. 2016, section 4.2): a mirror image half
/// the time, and a crop shifted by up to 4 pixels; what is 0 is off.
/// </summary>
public sealed record AugmentationOptions
{
    /// <summary>Every image stays as it is.</summary>
    public static AugmentationOptions None { get; } = new() { FlipProbability = 0, CropPadding = 0 };

    /// <summary>How often an image is mirrored left to right, 0..1.</summary>
    public double FlipProbability { get; init; } = 0.5;

    /// <summary>Pixels of black on every side before a crop of the image's own size is taken anywhere.</summary>
    public int CropPadding { get; init; } = 4;

    /// <summary>
    /// Greatest share of each side that is cut away before the rest is enlarged again, 0 to below 1; how much and
    /// where is drawn for each image.
    /// </summary>
    public double Zoom { get; init; }

    /// <summary>
    /// Greatest shift, as a share of the side, 0..0.5, drawn for each direction; what comes in from outside is
    /// the image mirrored at its edge.
    /// </summary>
    public double Shift { get; init; }

    /// <summary>Greatest angle, in degrees, to either side; corners that come from outside are black.</summary>
    public double RotationDegrees { get; init; }

    /// <summary>Brightness is multiplied by 1 - this to 1 + this (never below 0). A usual value is 0.4.</summary>
    public double Brightness { get; init; }

    /// <summary>Contrast, in the same way.</summary>
    public double Contrast { get; init; }

    /// <summary>Saturation, in the same way.</summary>
    public double Saturation { get; init; }

    /// <summary>Greatest shift of the hue to either side, in turns of the colour circle, 0..0.5.</summary>
    public double Hue { get; init; }

    /// <summary>
    /// How often a rectangle is overwritten by the image's mean colour, 0..1 (Zhong et al. 2020, "Random Erasing Data Augmentation").
    /// </summary>
    public double ErasingProbability { get; init; }

    /// <summary>Smallest share of the image that an erased rectangle takes.</summary>
    public double ErasingMinimumArea { get; init; } = 0.02;

    /// <summary>Greatest share of the image that an erased rectangle takes.</summary>
    public double ErasingMaximumArea { get; init; } = 1.0 / 3;

    /// <summary>Greatest ratio of an erased rectangle's sides, either way round.</summary>
    public double ErasingAspect { get; init; } = 3.3;

    /// <summary>How images are blurred; null leaves them sharp.</summary>
    /// <remarks>
    /// What is off is not written: features and checkpoints keep the name that they had before there was such a switch.
    /// </remarks>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public GaussianBlurOptions? Blur { get; init; }

    /// <summary>Operations drawn from a list of fourteen (Cubuk et al. 2020); null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RandAugmentOptions? RandAugment { get; init; }
}
