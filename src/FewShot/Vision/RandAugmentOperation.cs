namespace FewShot.Vision;

/// <summary>
/// The operations of RandAugment: the list of the paper's section 3, and what each does at the full magnitude, 30; what has "either
/// way" is drawn with either sign.
/// </summary>
public enum RandAugmentOperation
{
    /// <summary>The image itself.</summary>
    Identity,

    /// <summary>Slanted along the rows by up to 0.3 pixels a row, either way, around the upper left corner.</summary>
    ShearX,

    /// <summary>Slanted along the columns in the same way.</summary>
    ShearY,

    /// <summary>Moved along the rows by up to 150/331 of the width, in whole pixels, either way.</summary>
    TranslateX,

    /// <summary>Moved along the columns by up to 150/331 of the height, in whole pixels, either way.</summary>
    TranslateY,

    /// <summary>Turned by up to 30 degrees, either way.</summary>
    Rotate,

    /// <summary>Brightness times 1 - 0.9 to 1 + 0.9, either way.</summary>
    Brightness,

    /// <summary>Saturation in the same way.</summary>
    Colour,

    /// <summary>Contrast in the same way.</summary>
    Contrast,

    /// <summary>Sharpness in the same way: a blend with the image smoothed over 3 x 3 pixels, or away from it.</summary>
    Sharpness,

    /// <summary>Only the upper 8 to 4 bits of each value are kept.</summary>
    Posterize,

    /// <summary>Values at or above a threshold, 1 down to 0, are inverted.</summary>
    Solarize,

    /// <summary>Each channel is stretched until it reaches from 0 to 1.</summary>
    AutoContrast,

    /// <summary>Each channel's values are spread until their histogram is even.</summary>
    Equalize,
}
