using FewShot.Transfer;
using FewShot.Vision;

namespace FewShot.Studies;

/// <summary>A way to vary training images, as <see cref="AugmentationStudy"/> compares them, at strengths that are usual for images of
/// 32 x 32; none was tuned.</summary>
/// <param name="Name">What it is called in tables.</param>
/// <param name="Augmentation">How each image is varied.</param>
/// <param name="Mixing">How images are mixed with one another; null for not at all.</param>
public sealed record AugmentationRecipe(string Name, AugmentationOptions Augmentation, LabelMixingOptions? Mixing = null)
{
    /// <summary>Images as they are: what the others are compared with.</summary>
    public static AugmentationRecipe None { get; } = new("none", AugmentationOptions.None);

    /// <summary>Mirrored left to right half the time.</summary>
    public static AugmentationRecipe Flip { get; } = new("flip", AugmentationOptions.None with { FlipProbability = 0.5 });

    /// <summary>Shifted by up to 4 pixels, black coming in (He et al. 2016, section 4.2).</summary>
    public static AugmentationRecipe Crop { get; } = new("crop", AugmentationOptions.None with { CropPadding = 4 });

    /// <summary>Turned by up to 15 degrees.</summary>
    public static AugmentationRecipe Rotation { get; } = new("rotation", AugmentationOptions.None with { RotationDegrees = 15 });

    /// <summary>Brightness, contrast and saturation by up to 40 %, the hue by up to a tenth of the circle.</summary>
    public static AugmentationRecipe Colour { get; } = new(
        "colour", AugmentationOptions.None with { Brightness = 0.4, Contrast = 0.4, Saturation = 0.4, Hue = 0.1 });

    /// <summary>A rectangle overwritten half the time.</summary>
    public static AugmentationRecipe Erasing { get; } = new("erasing", AugmentationOptions.None with { ErasingProbability = 0.5 });

    /// <summary>A Gaussian of up to one pixel, half the time.</summary>
    public static AugmentationRecipe Blur { get; } = new("blur", AugmentationOptions.None with { Blur = new() { MaximumSigma = 1 } });

    /// <summary>Two operations of the list at magnitude 9.</summary>
    public static AugmentationRecipe RandAugment { get; } = new("RandAugment", AugmentationOptions.None with { RandAugment = new() });

    /// <summary>Flip, crop, rotation, colour, erasing and blur, one after the other.</summary>
    public static AugmentationRecipe Together { get; } = new("six together", Colour.Augmentation with
    {
        FlipProbability = Flip.Augmentation.FlipProbability,
        CropPadding = Crop.Augmentation.CropPadding,
        RotationDegrees = Rotation.Augmentation.RotationDegrees,
        ErasingProbability = Erasing.Augmentation.ErasingProbability,
        Blur = Blur.Augmentation.Blur,
    });

    /// <summary>Two images through one another.</summary>
    public static AugmentationRecipe Mixup { get; } = new("mixup", AugmentationOptions.None, new() { Kind = LabelMixingKind.Mixup });

    /// <summary>A rectangle of one image in another.</summary>
    public static AugmentationRecipe CutMix { get; } = new("CutMix", AugmentationOptions.None, new() { Kind = LabelMixingKind.CutMix });

    /// <summary>Those that change each image by itself, <see cref="None"/> first: a bank of features can hold their views.</summary>
    public static IReadOnlyList<AugmentationRecipe> OfOneImage { get; } =
        [None, Flip, Crop, Rotation, Colour, Erasing, Blur, RandAugment, Together];

    /// <summary>All of them, <see cref="None"/> first.</summary>
    public static IReadOnlyList<AugmentationRecipe> All { get; } = [.. OfOneImage, Mixup, CutMix];

    /// <summary>The views that a bank of features holds of each image beside the image itself.</summary>
    /// <param name="views">How many varied views; of a flip there is only one that differs, the mirror image.</param>
    public FeatureBankOptions Views(int views) => this == None ? new()
        : this == Flip ? new() { Mirrored = true }
        : new() { AugmentedViews = views, Augmentation = Augmentation };
}
