using FewShot.Data;

namespace FewShot.Onnx;

/// <summary>What a classifier is made of beside its backbone, preprocessing and head.</summary>
public sealed record OnnxClassifierOptions
{
    /// <summary>The name of each class; where null, the head's own. A head that was fitted on plain tensors has none.</summary>
    public IReadOnlyList<string>? ClassNames { get; init; }

    /// <summary>What scores are divided by before the softmax, above 0 (Guo et al. 2017, section 4.2).</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Whether the features of each image are averaged with those of its mirror image, for twice the time.</summary>
    public bool Mirrored { get; init; }

    /// <summary>
    /// Side in pixels, at least 1, at which <see cref="ImageFolder"/> read the photos before their preprocessing
    /// (<see cref="ImageFolderOptions.Size"/>): the model then reads a photo alike. Null where images went into the preprocessing as they
    /// were.
    /// </summary>
    public int? FolderSize { get; init; }

    /// <summary>The largest class score below which an image is of none of the classes; null where none is refused.</summary>
    public double? Threshold { get; init; }
}
