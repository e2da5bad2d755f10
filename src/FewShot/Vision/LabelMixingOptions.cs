namespace FewShot.Vision;

/// <summary>How two images of a batch become one, and their labels with them.</summary>
public enum LabelMixingKind
{
    /// <summary>Both images show through one another: lambda x one + (1 - lambda) x the other (Zhang et al. 2018, "mixup").</summary>
    Mixup,

    /// <summary>A rectangle of one lies in the other (Yun et al. 2019, "CutMix").</summary>
    CutMix,
}

/// <summary>Settings of <see cref="LabelMixing"/>.</summary>
public sealed record LabelMixingOptions
{
    /// <summary>Which of the two.</summary>
    public LabelMixingKind Kind { get; init; }

    /// <summary>
    /// The share lambda that an image keeps is drawn from Beta(this, this), for each image; above 0. 1 draws all shares alike, as CutMix
    /// does; below 1 most images stay nearly pure; the mixup paper takes 0.1 to 0.4 on ImageNet, and 1 on CIFAR-10.
    /// </summary>
    public double Alpha { get; init; } = 1;
}
