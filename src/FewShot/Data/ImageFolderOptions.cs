namespace FewShot.Data;

/// <summary>How the images of a folder become one tensor. The default size is the one ImageNet's networks were trained at.</summary>
/// <param name="Size">Side, in pixels, of the square that each image becomes: shorter side resized to it, then centre crop.</param>
/// <param name="MaximumPixels">The most pixels one file may have; a small file can claim to hold an image that fills the memory.</param>
/// <param name="Transparency">What becomes of transparent pixels.</param>
public sealed record ImageFolderOptions(int Size = 224, long MaximumPixels = 60_000_000, Transparency Transparency = Transparency.OnWhite);

/// <summary>What becomes of transparent pixels.</summary>
public enum Transparency
{
    /// <summary>They are laid on white paper, as they are seen.</summary>
    OnWhite,

    /// <summary>
    /// Their stored colour counts, which is often black, and how transparent they are is dropped: what torchvision's loader does.
    /// </summary>
    Dropped,
}
