namespace FewShot.Data;

/// <summary>How the images of a folder become one tensor. The default size is the one ImageNet's networks were trained at.</summary>
/// <param name="Size">Side, in pixels, of the square that each image becomes: shorter side resized to it, then centre crop.</param>
/// <param name="MaximumPixels">The most pixels one file may have; a small file can claim to hold an image that fills the memory.</param>
public sealed record ImageFolderOptions(int Size = 224, long MaximumPixels = 50_000_000);
